import os, random, time, traceback, collections, warnings
import pytest
from hypothesis import errors
from tests.handlers.deeds import nearest
from tests.handlers import test_strangers as T
from tests.handlers.inside import Unreadable
@pytest.mark.timeout(3000)
def test_loop(inside, deeds):
    end=time.time()+float(os.environ.get("SECS","200"))
    pick=os.environ.get("PICK","")
    inside.world.settle=lambda: inside_settle(inside)
    seen_kinds=collections.Counter(); n=0
    warnings.simplefilter("ignore")
    rng=random.Random(int(os.environ.get("SEED","1")))
    listeners=[l for l in T.LISTENERS if pick in " ".join(l)]
    own={l: nearest(deeds,*l) for l in listeners}
    while time.time()<end:
        l=listeners[n%len(listeners)]; n+=1
        deed=rng.choice(own[l])
        every=[a for a,_ in T.places(T.unpacked(deed.payload))]
        read=[a for a in every if "blocks" not in a and "elements" not in a]
        changes=[]
        for _ in range(rng.choice([1,1,2,3])):
            way=rng.choice(read if rng.random()<.85 else every)
            r=rng.random()
            if r<.2: changes.append(("take",way,None))
            elif r<.85: changes.append(("put",way,rng.choice(T.JUNK)))
            else: changes.append(("put",(*way,rng.choice(T.EXTRA)),rng.choice(T.JUNK)))
        inside.restore()
        payload=T.spoil(inside.fresh(deed),changes)
        try:
            seen=inside.hands_over(deed,payload,delivers=True)
        except Unreadable: continue
        except AssertionError as e:
            print("SETTLE",deed,str(changes)[:300],flush=True); continue
        try: T.check(inside,deed,payload,seen)
        except AssertionError as e:
            ex=[r.exc_info[1] for r in seen.logged if r.exc_info and r.levelno>=40]
            where=""
            if ex:
                tb=[f for f in traceback.extract_tb(ex[0].__traceback__) if "site-packages" not in f.filename]
                where=" < ".join(f"{os.path.basename(os.path.dirname(f.filename))}/{os.path.basename(f.filename)}:{f.lineno}" for f in tb[-3:])
            key=(deed.kind, deed.name if not where else "", where or str(seen.problems)[:80] or str([r.getMessage()[:60] for r in seen.logged]))
            seen_kinds[key]+=1
            if seen_kinds[key]==1:
                print("FAIL",deed.kind,deed.name,"|",str(changes)[:260],"|",repr(ex[0])[:150] if ex else "", where,"|",seen.status,seen.problems[:1],"|", [r.getMessage()[:150] for r in seen.logged][-2:],flush=True)
    print("N",n,"in", time.time()-end)
def inside_settle(inside):
    from tests.player import wait_until
    wait_until(lambda: not inside.world.is_busy(),"told",3)
