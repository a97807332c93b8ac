package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

func TestTypedQueryFiltersAtOnce(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090")
		for _, l := range d.Lines()[4:20] {
			if !strings.Contains(l, "4090") {
				t.Fatalf("a row is no 4090: %q\n%s", l, d.Text())
			}
		}
		d.Press("enter")
		d.Has("4090")
		d.Press("esc")
		d.Wait(time.Second)
		d.Lacks("/4090")
	})
}

func TestFieldOperatorValue(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("num_gpus>=4 dph<3")
		for _, l := range d.Lines()[4:12] {
			if n := strings.TrimSpace(l); n != "" && !strings.Contains(l, "4×") && !strings.Contains(l, "8×") {
				t.Fatalf("a row has fewer GPUs: %q\n%s", l, d.Text())
			}
		}
	})
}

func TestQueryThatCannotBeReadKeepsTheLastGoodList(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090")
		before := d.Lines()[5]
		d.Type(" num_gpu>=2")
		d.Has("num_gpus")
		if d.Lines()[5] != before {
			t.Errorf("the list changed\n%s", d.Text())
		}
	})
}

func TestCursorStaysOnItsOfferWhenRowsVanish(t *testing.T) {
	t.Parallel()
	play(t, 160, 30, func(d *deck) {
		d.loaded()
		d.Press("down", "down", "down", "down", "enter")
		detail := d.Line("Offer ")
		id := offerIn(t, detail)
		for n, o := range cheapest(d.world, 4) {
			if o != id && n < 4 {
				d.world.RemoveOffer(o)
			}
		}
		d.Press("ctrl+r")
		d.Wait(40 * time.Second)
		if now := offerIn(t, d.Line("Offer ")); now != id {
			t.Errorf("the cursor was on offer %d and is now on %d\n%s", id, now, d.Text())
		}
	})
}

func offerIn(t *testing.T, line string) int64 {
	t.Helper()
	_, rest, ok := strings.Cut(line, "Offer ")
	if !ok {
		t.Fatalf("no offer in %q", line)
	}
	return atoi(t, strings.Fields(rest)[0])
}

// cheapest are the ids of the n cheapest offers a default search gives.
func cheapest(w *vastsim.World, n int) []int64 {
	type priced struct {
		id  int64
		dph float64
	}
	var list []priced
	for _, o := range w.Offers() {
		list = append(list, priced{o.ID, o.DPHBase})
	}
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			if list[j].dph < list[i].dph {
				list[i], list[j] = list[j], list[i]
			}
		}
		if i >= n {
			break
		}
	}
	out := make([]int64, 0, n)
	for _, p := range list[:n] {
		out = append(out, p.id)
	}
	return out
}

func TestSlowServerDoesNotStopTheKeys(t *testing.T) {
	t.Parallel()
	play(t, 120, 30, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: 10 * time.Second})
		d.Press("ctrl+r")
		first := d.Text()
		at := d.Elapsed()
		d.Press("down", "down")
		if took := d.Elapsed() - at; took > time.Second {
			t.Errorf("two keys took %s", took)
		}
		if d.Text() == first {
			t.Error("the keys had no effect while the server was silent")
		}
		d.Press("2")
		d.Has("[2 Instances")
	})
}

func TestRateLimitSlowsThePollsAndIsShown(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("2")
		d.Wait(time.Minute)
		steady := d.sent("GET", "/api/v1/instances/")
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 429, Path: "/api/v1/instances/"})
		d.UntilHas(3*time.Minute, "429")
		d.Has("RUNNING") // the last good list stays
		from := d.sent("GET", "/api/v1/instances/")
		d.Wait(5 * time.Minute)
		if n := d.sent("GET", "/api/v1/instances/") - from; n > 35 {
			t.Errorf("%d reads in five minutes of 429 (%d before)", n, steady)
		}
	})
}

func TestErrorNeverClearsTheList(t *testing.T) {
	t.Parallel()
	play(t, 120, 30, func(d *deck) {
		d.loaded()
		row := d.Lines()[6]
		remove := d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 502, Path: "/api/v0/bundles/"})
		d.Press("ctrl+r")
		d.Wait(3 * time.Minute)
		if d.Lines()[6] != row {
			t.Errorf("the list changed\n%s", d.Text())
		}
		d.Has("502")
		remove()
		d.Wait(3 * time.Minute)
		d.Lacks("502")
	})
}

func TestWholeMarketIsWalkedInWindows(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.UntilHas(time.Minute, "offers shown")
		d.Wait(10 * time.Minute)
		d.Lacks("loading")
		if n := d.sent("POST", "/api/v0/bundles/"); n < 3 {
			t.Errorf("only %d searches", n)
		}
	}, vastsim.WithMaxLimit(64), vastsim.WithOffers(400))
}

func TestIdleProgramIsSilent(t *testing.T) {
	t.Parallel()
	play(t, 120, 30, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: time.Hour})
		d.Wait(4 * time.Minute)
		from := d.BytesOut()
		d.Wait(10 * time.Second)
		if n := d.BytesOut() - from; n != 0 {
			t.Errorf("%d bytes were written while nothing changed", n)
		}
	})
}
