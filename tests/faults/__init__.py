"""Made sources, spoiled in known ways, for the tests of what a refresh survives."""
