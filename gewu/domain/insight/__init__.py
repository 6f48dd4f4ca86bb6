"""Indicators, tables and dashboards; reads only."""
