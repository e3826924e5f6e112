"""The old МРКО door: one child behind a login and a password from paper, a week page and nothing else.

Source: upstream fact sheet of September 2026, §1.2. The sites are gone since 2017; the door is kept for the
schools and parents who know the diary by it, and it opens the sandbox's.
"""
