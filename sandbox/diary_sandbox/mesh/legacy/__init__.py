"""The door of 2012 to 2017: saved accounts on the city portal, and the МРКО diary in plain HTML."""
