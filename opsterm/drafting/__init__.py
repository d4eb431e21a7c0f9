"""Drafting and reviewing what a team tells others about an incident.

All of it is pure: it knows records, but no board, no share, no screen. What it says is data (`data/*.toml`), what it
knows of the incident is one `facts.Facts`, the time is an argument. Where to begin:

* `facts.Facts`: what is recorded of one incident at one moment;
* `draft.draft`: an update for one audience at one stage in one language, with what is still to be asked; `audiences`
  has the order in which each is told, `sentences` what is said;
* `review.review`: what is wrong in a text, word by word, with what to write instead;
* `update_schedule.due`: when the next update is due; `channel.render`: the text in its channel's form;
* `status_page_html.render`: the read-only page for outsiders.
"""
