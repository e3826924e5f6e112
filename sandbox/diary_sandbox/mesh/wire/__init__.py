"""The world in МЭШ's own words: pure functions from world to wire, by topic."""
