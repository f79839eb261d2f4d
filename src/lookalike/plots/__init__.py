"""Figures for reports, drawn by matplotlib."""
