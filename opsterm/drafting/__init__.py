"""Words: drafting and reviewing what a team tells others about an incident.

All of it is pure: it knows no board, no share, no screen. What it says is data (`data/*.toml`), what it knows of the
incident is one `facts.Facts`, the time is an argument. Where to begin:

* `facts.Facts`: what is recorded of one incident at one moment;
* `draft.draft`: an update for one audience at one stage in one language, with what is still to be asked;
* `review.review`: what is wrong in a text, word by word, with what to write instead;
* `cadence.next_due`: when the next word is due; `channel.render`: the text in its channel's form;
* `page.render`: the read-only page for outsiders.
"""
