"""Screens of the mailbox, for professionals and patients."""
