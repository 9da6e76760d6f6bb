"""The table of classic mistakes, and programs and runs that make one."""
