"""All benchmarks, one after the other: `python benchmarks`, or `make bench`."""

import engine
import ledger
import portfolio
import startup
import yields

if __name__ == "__main__":
    engine.main()
    print()
    yields.main()
    print()
    ledger.main()
    print()
    portfolio.main([])
    print()
    startup.main()
