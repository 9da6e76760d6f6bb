"""Where samples come from: data sets by name, shipped files, csv files; and which are held out."""
