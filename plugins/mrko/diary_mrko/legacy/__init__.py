"""The old МРКО door: one child behind a login and a password from paper, a week page and nothing else.

The sites are gone since 2017; the door is kept for the schools and parents who know the diary by it, and it
opens the sandbox's.

Source: `docs/sources.md`, МЭШ: scrapers of 2013 to 2017.
"""
