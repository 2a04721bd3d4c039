"""The posts written for the project and the public sets: their form, their checks, their files."""
