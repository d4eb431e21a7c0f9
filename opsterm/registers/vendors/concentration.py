"""How much hangs on how few: spend and critical systems by group, with thresholds and single points.

Herfindahl-Hirschman index: the sum of squared shares in percent, 0 to 10,000.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from opsterm.records import Vendor
from opsterm.settings import team_table

#: Bands of the index [DOJ/FTC Merger Guidelines 2023].
HHI_MODERATE, HHI_HIGH = 1_000, 1_800
#: A share that is watched, and one that somebody at the top accepts with a date [field notes: vendors].
SHARE_WATCH, SHARE_ACCEPT = 0.30, 0.50


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A critical system that one group alone serves, and that nobody rehearsed to take elsewhere."""

    system: str
    group: str
    vendors: tuple[str, ...]

    @property
    def why(self) -> str:
        return f"only {self.group} serves {self.system}, and leaving it was never rehearsed"


@dataclass(frozen=True, slots=True)
class Concentration:
    """Of the contracts in force on one day."""

    hhi_spend: float
    hhi_systems: float
    #: Group → its share, 0 to 1, largest first.
    spend: Mapping[str, float]
    systems: Mapping[str, float]
    single_points: tuple[SinglePoint, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """Rates into one currency, as the team's settings give them."""

    rates: Mapping[str, float] = field(default_factory=dict)

    def of(self, amount: float, currency: str) -> float:
        """The amount in the team's currency; as it stands where no rate is known."""
        return amount * self.rates.get(currency, 1.0)

    def warnings(self, vendors: Iterable[Vendor]) -> Iterator[str]:
        """What to know of sums over these contracts."""
        unknown = {v.currency for v in vendors if v.annual_cost and v.currency not in self.rates}
        known = bool(self.rates)
        if len(unknown) > 1 or (known and unknown):
            named = ", ".join(sorted(currency or "none said" for currency in unknown))
            yield f"spend is in several currencies and counted as it stands: set [rates] in the settings for {named}"


def money() -> Money:
    """The rates in the team's settings: `[rates]`, currency = its worth in the team's own."""
    try:
        return Money({name.upper(): float(rate) for name, rate in team_table("rates").items() if 0 < float(rate) < 1e6})
    except (ValueError, TypeError):
        return Money()


def index(shares: Iterable[float]) -> float:
    """The Herfindahl-Hirschman index of shares from 0 to 1: 40/25/15/10/10 % is 2,650."""
    return round(sum((share * 100) ** 2 for share in shares), 1)


def effective(hhi: float) -> float:
    """How many equal ones would be as concentrated."""
    return 10_000 / hhi if hhi else 0.0


def band(hhi: float) -> str:
    """The index in a word."""
    return "high" if hhi > HHI_HIGH else "moderate" if hhi > HHI_MODERATE else "low"


def concentration(
    in_force: Sequence[Vendor], spend: Mapping[str, float], critical: frozenset[str] | set[str]
) -> Concentration:
    """`spend` is by contract id, in one currency; `critical` holds the names of the catalog's critical systems, folded
    in case. A system that a contract of tier 1 serves is critical too; where nothing is, all that are served count."""
    by_group: dict[str, float] = defaultdict(float)
    served: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for vendor in in_force:
        by_group[vendor.parent or vendor.name] += spend.get(vendor.id, 0.0)
        for system in vendor.systems:
            names.setdefault(system.casefold(), system)
            if vendor.tier == 1 or system.casefold() in critical:
                served[system.casefold()].add(vendor.parent or vendor.name)
    known_critical = bool(served)
    if not served:
        for vendor in in_force:
            for system in vendor.systems:
                served[system.casefold()].add(vendor.parent or vendor.name)
    systems: dict[str, float] = defaultdict(float)
    for groups in served.values():
        for group in groups:
            systems[group] += 1
    money_shares, system_shares = _shares(by_group), _shares(systems)
    points = tuple(_single_points(in_force, served, names)) if known_critical else ()
    hhi_spend, hhi_systems = index(money_shares.values()), index(system_shares.values())
    warnings = [*_warnings(money_shares, "the spend", hhi_spend)]
    parts = {group: count / len(served) for group, count in systems.items()} if known_critical else {}
    warnings += _warnings(parts, "the critical systems", hhi_systems if known_critical else 0)
    return Concentration(hhi_spend, hhi_systems, money_shares, system_shares, points, tuple(warnings))


def _shares(amounts: Mapping[str, float]) -> dict[str, float]:
    total = sum(amounts.values())
    if not total:
        return {}
    return dict(sorted(((g, a / total) for g, a in amounts.items()), key=lambda pair: (-pair[1], pair[0])))


def _warnings(shares: Mapping[str, float], of: str, hhi: float) -> Iterator[str]:
    for group, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])):
        if share > SHARE_ACCEPT:
            yield f"{group} has {share:.0%} of {of}: somebody at the top accepts that, with a date, or it is spread"
        elif share > SHARE_WATCH:
            yield f"{group} has {share:.0%} of {of}: watch it"
    if band(hhi) == "high":
        yield f"concentration of {of} is high: as among {effective(hhi):.1f} equal ones (index {hhi:,.0f})"


def _single_points(
    in_force: Sequence[Vendor], served: Mapping[str, set[str]], names: Mapping[str, str]
) -> Iterator[SinglePoint]:
    for system, groups in sorted(served.items()):
        if len(groups) != 1:
            continue
        group = next(iter(groups))
        serving = [
            v for v in in_force if (v.parent or v.name) == group and system in {name.casefold() for name in v.systems}
        ]
        if not all(v.exit_tested_at for v in serving):
            yield SinglePoint(names[system], group, tuple(v.name for v in serving))
