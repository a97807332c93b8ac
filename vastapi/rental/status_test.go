package rental

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestOneStateIsShown(t *testing.T) {
	t.Parallel()
	type fields struct {
		actual, intended, cur, next, message string
		bid                                  bool
		base, beat                           vastapi.Rate
	}
	nan := vastapi.Unknown[vastapi.Rate]()
	for _, c := range []struct {
		fields
		word  string
		class Class
	}{
		{fields{actual: "running", intended: "running", cur: "running"}, "RUNNING", ClassRunning},
		{fields{actual: "", intended: "running", cur: "running"}, "CREATING", ClassMoving},
		{fields{actual: "created", intended: "running", cur: "running"}, "CREATING", ClassMoving},
		{fields{actual: "created", intended: "running", cur: "stopped", message: "OCI runtime create failed: x"}, "ERROR", ClassFailed},
		{fields{actual: "loading", intended: "running", cur: "running", message: "Pulling from library/pytorch"}, "LOADING", ClassMoving},
		{fields{actual: "loading", intended: "running", message: "Error response from daemon: manifest unknown"}, "ERROR", ClassFailed},
		{fields{actual: "exited", intended: "running", cur: "running"}, "EXITED", ClassFailed},
		{fields{actual: "exited", intended: "running", cur: "stopped"}, "SCHEDULING", ClassWaiting},
		{fields{actual: "stopped", intended: "running", cur: "stopped"}, "SCHEDULING", ClassWaiting},
		{fields{actual: "scheduling", intended: "running"}, "SCHEDULING", ClassWaiting},
		{fields{actual: "running", intended: "stopped", cur: "running"}, "STOPPING", ClassMoving},
		{fields{actual: "exited", intended: "stopped", cur: "stopped", next: "stopped"}, "STOPPED", ClassStopped},
		{fields{actual: "exited", intended: "stopped", cur: "stopped", next: "stopped", bid: true, base: 0.2, beat: 0.25}, "OUTBID", ClassWaiting},
		{fields{actual: "exited", intended: "stopped", cur: "stopped", next: "stopped", bid: true, base: 0.2, beat: 0.15}, "STOPPED", ClassStopped},
		{fields{actual: "exited", intended: "stopped", cur: "stopped", next: "stopped", bid: true, base: 0.2, beat: nan}, "STOPPED", ClassStopped},
		{fields{actual: "offline", intended: "running", cur: "running"}, "OFFLINE", ClassLost},
		{fields{actual: "unknown", intended: "stopped"}, "UNKNOWN", ClassLost},
		{fields{actual: "running", intended: "stopped", cur: "unloaded"}, "DESTROYING", ClassTerminal},
		{fields{actual: "rebooting", intended: "running"}, "REBOOTING", ClassMoving},
		{fields{actual: "recycling", intended: "running"}, "RECYCLING", ClassMoving},
		{fields{actual: "frozen", intended: "frozen"}, "FROZEN", ClassStopped},
		{fields{actual: "hibernating", intended: "running"}, "HIBERNATING", ClassOther},
		{fields{actual: "a very long word \x1b[31m indeed", intended: "running"}, "A VERY LONG WOR…", ClassOther},
	} {
		i := vastapi.Instance{
			Actual: safetext.New(c.actual), Intended: safetext.New(c.intended), Cur: safetext.New(c.cur), Next: safetext.New(c.next),
			Status: safetext.New(c.message), Bid: c.bid, DphBase: c.base, MinBid: c.beat,
		}
		got := Display(i)
		if got.Word != c.word || got.Class != c.class {
			t.Errorf("%+v: %+v, want %s", c.fields, got, c.word)
		}
		if c.message != "" && strings.Contains(got.Why, c.message) {
			t.Errorf("%+v repeats what the host says", got)
		}
	}
}
