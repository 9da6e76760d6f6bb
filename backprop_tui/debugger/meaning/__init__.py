"""One sentence in plain words for every operation, that fits the case at hand: tables of cases, and who reads them."""
