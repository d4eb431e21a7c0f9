"""Task lists of every form, with the tasks that a reader should find in them."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[str, bool]]]:
    """A document of blocks that each mean one thing wherever they stand, and the tasks that it holds."""
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    words = st.text(alphabet="abc é漢*_`~<&;:!x", min_size=1, max_size=12).map(lambda t: f"w{t.strip()}w")
    lines: list[str] = []
    tasks: list[tuple[str, bool]] = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(
            st.sampled_from(["task", "task", "nested", "numbered", "fence", "comment", "link", "text", "quote"])
        )
        text, box = draw(words), draw(st.sampled_from([" ", "x", "X", "\t"]))
        gap = draw(st.sampled_from([" ", "  ", "\t"]))
        tail = draw(st.sampled_from(["", "  ", "\t"]))
        bullet = draw(st.sampled_from("-*+"))
        if kind == "task":
            lines += [f"{bullet} [{box}]{gap}{text}{tail}"]
            tasks += [(text, box in "xX")]
        elif kind == "nested":
            lines += [f"{bullet} [ ] {text}", f"  {bullet} [{box}]{gap}{text}{tail}", "", f"  - [x](u) {text}"]
            tasks += [(text, False), (text, box in "xX")]
        elif kind == "numbered":
            sign = draw(st.sampled_from([".", ")"]))
            lines += [f"1{sign} [{box}]{gap}{text}{tail}", f"1{sign} [] {text}"]
            tasks += [(text, box in "xX")]
        elif kind == "fence":
            lines += ["````", f"- [{box}] {text}", "````"]
        elif kind == "comment":
            lines += ["<!--", f"- [{box}] {text}", "-->"]
        elif kind == "link":
            lines += [f"{bullet} [x](https://example.org) {text}", f"{bullet} [ ]"]
        elif kind == "quote":
            lines += [f"> - [{box}] {text}"]
            tasks += [(text, box in "xX")]
        else:
            lines += [f"{text}{tail}"]
        lines += ["", "", "---", ""]
    mark = draw(st.sampled_from(["", "\ufeff"]))
    front = ["---", "a: b", "- [ ] no", "---", ""] if draw(st.booleans()) else []
    return mark + eol.join([*front, *lines]) + draw(st.sampled_from(["", eol])), tasks
