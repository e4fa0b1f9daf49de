import time, collections, cProfile, pstats
from tests.handlers.deeds import Finder
def test_crawl(inside):
    t=time.time()
    pr=cProfile.Profile(); pr.enable()
    found=Finder(inside).all()
    pr.disable()
    print("took", time.time()-t, len(found))
    pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
