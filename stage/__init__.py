"""The stage: Slack, pager, page, mail, tickets and document as their readers see them, all played, for a first look."""
