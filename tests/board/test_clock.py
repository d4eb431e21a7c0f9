"""The hybrid logical clock, by the ways in which wall clocks misbehave."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opsterm import __date__
from opsterm.board.clock import COUNTER_BITS, HLC_LIMIT, MS_LIMIT, hlc_ms, latest_followed, tick, well_formed
from opsterm.records.instant import to_ms

NOW = 1_700_000_000_000


def test_a_moving_clock_sets_the_milliseconds_and_an_empty_counter() -> None:
    assert tick(0, NOW) == NOW << COUNTER_BITS


def test_a_stuttering_clock_counts_on() -> None:
    first = tick(0, NOW)
    assert tick(first, NOW) == first + 1


def test_a_clock_that_goes_back_does_not_take_the_order_back() -> None:
    first = tick(0, NOW)
    assert tick(first, NOW - 86_400_000) == first + 1


def test_a_full_counter_carries_into_the_milliseconds() -> None:
    full = (NOW << COUNTER_BITS) | ((1 << COUNTER_BITS) - 1)
    assert tick(full, NOW) == (NOW + 1) << COUNTER_BITS


def test_a_clock_years_ahead_is_followed_like_any_other() -> None:
    ahead = (NOW + 10 * 365 * 86_400_000) << COUNTER_BITS
    assert well_formed(ahead)
    assert tick(ahead, NOW) == ahead + 1


def test_a_clock_is_followed_ten_years_ahead_and_no_further() -> None:
    ten_years_ms = 10 * 365 * 86_400_000
    made_ms = to_ms(f"{__date__}T00:00:00Z")
    late = made_ms + 86_400_000
    assert hlc_ms(latest_followed(late)) == late + ten_years_ms
    assert hlc_ms(latest_followed(late) + 1) == late + ten_years_ms + 1
    assert latest_followed(0) == latest_followed(made_ms), "a clock at 1970 is wrong itself"


def test_a_clock_before_1970_still_gives_a_value() -> None:
    assert well_formed(tick(0, -5))


def test_a_value_past_the_last_millisecond_is_malformed() -> None:
    assert not well_formed(MS_LIMIT << COUNTER_BITS)
    assert not well_formed(0)
    assert not well_formed(-1)


def test_after_the_very_last_value_changes_are_still_well_formed() -> None:
    assert well_formed(tick(HLC_LIMIT - 1, NOW))


@given(st.integers(0, HLC_LIMIT - 2), st.integers(-(2**62), 2**62))
def test_every_tick_is_later_and_fits_a_positive_64_bit_integer(last: int, now: int) -> None:
    after = tick(last, now)
    assert last < after < 2**63
    assert well_formed(after)
    assert hlc_ms(after) >= hlc_ms(last)
