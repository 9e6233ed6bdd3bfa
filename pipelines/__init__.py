"""Technician Outlook: automation exposure, job market and advancement paths of technicians."""
