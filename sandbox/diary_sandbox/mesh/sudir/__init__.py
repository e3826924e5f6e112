"""SUDIR: the city's identity provider behind login.mos.ru."""
