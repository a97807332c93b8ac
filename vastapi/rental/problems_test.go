package rental

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func kindsOf(list []Problem) string {
	var out []string
	for _, p := range list {
		out = append(out, string(p.Kind)+" "+p.Level.String())
	}
	return strings.Join(out, ", ")
}

func TestEveryTroubleIsFoundWithItsEvidence(t *testing.T) {
	t.Parallel()
	change := func(f func(*vastapi.Instance)) vastapi.Instance {
		i := instance(7, "a")
		i.End, i.GPUUtil = noon.Add(60*24*time.Hour), 80
		f(&i)
		return i
	}
	for name, c := range map[string]struct {
		i     vastapi.Instance
		want  string
		says  string
		first ActionKind
	}{
		"nothing":    {change(func(*vastapi.Instance) {}), "", "", ""},
		"stopped":    {stopped(7, "a"), "", "", ""},
		"being gone": {change(func(i *vastapi.Instance) { i.Cur, i.End = safetext.New("unloaded"), noon }), "", "", ""},
		"hopeless": {change(func(i *vastapi.Instance) {
			i.Actual, i.Status = safetext.New("created"), safetext.New("Error response from daemon: manifest unknown\x1b[2J")
		}), "hopeless danger", "manifest unknown", ActRentNext},
		"exited":       {change(func(i *vastapi.Instance) { i.Actual, i.Status = safetext.New("exited"), safetext.New("code 1") }), "exited danger", `the host says "code 1"`, ActLog},
		"offline":      {change(func(i *vastapi.Instance) { i.Actual = safetext.New("offline") }), "offline danger", "nothing is billed", ActWait},
		"outbid":       {outbidOne(7), "outbid caution", "The price to hold is $0.450/h", ActBid},
		"waits":        {change(func(i *vastapi.Instance) { i.Actual, i.Cur = safetext.New("stopped"), safetext.New("stopped") }), "GPU taken caution", "Somebody else has the GPU", ActWait},
		"ends":         {change(func(i *vastapi.Instance) { i.End = noon.Add(71 * time.Hour) }), "end caution", "ends in 2d 23h", ActCopyOut},
		"ends today":   {change(func(i *vastapi.Instance) { i.End = noon.Add(23 * time.Hour) }), "end danger", "ends in 23h", ActCopyOut},
		"ended":        {change(func(i *vastapi.Instance) { i.End = noon }), "end danger", "has ended", ActCopyOut},
		"disk":         {change(func(i *vastapi.Instance) { i.DiskUsed = 72 }), "low disk caution", "The disk is 90% full: 8 GB of 80 GB are left", ActRun},
		"full":         {change(func(i *vastapi.Instance) { i.DiskUsed = 81 }), "low disk danger", "100% full: 0 GB of 80 GB are left", ActRun},
		"nearly":       {change(func(i *vastapi.Instance) { i.DiskUsed = 71.9 }), "", "", ""},
		"several":      {change(func(i *vastapi.Instance) { i.DiskUsed, i.End = 72, noon.Add(time.Hour) }), "end danger, low disk caution", "ends in 1h", ActCopyOut},
		"disk unknown": {change(func(i *vastapi.Instance) { i.DiskUsed = vastapi.Unknown[vastapi.GB]() }), "", "", ""},
	} {
		got := Problems(&c.i, noon, Background{})
		if kindsOf(got) != c.want {
			t.Errorf("%s: found %q, want %q", name, kindsOf(got), c.want)
			continue
		}
		if len(got) == 0 {
			continue
		}
		p := got[0]
		if !strings.Contains(p.Evidence, c.says) || p.Actions[0].Kind != c.first || p.Instance != 7 || strings.ContainsAny(p.Evidence, "\x1b\n") || !strings.HasSuffix(p.Evidence, ".") {
			t.Errorf("%s: %q, first %s", name, p.Evidence, p.Actions[0].Kind)
		}
	}
}

func TestAnUnusedGPUIsToldWithWhatItHasCost(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	i.GPUUtil = 0
	var w Watched
	at := noon
	for range 20 {
		w = w.Seen(&i, at)
		if now := Problems(&i, at, Background{Watched: w}); (len(now) > 0) != (at.Sub(noon) >= 15*time.Minute) {
			t.Fatalf("after %v: %s", at.Sub(noon), kindsOf(now))
		}
		at = at.Add(time.Minute)
	}
	at = noon.Add(100 * time.Minute)
	before := w
	if w = w.Seen(&i, at); len(Problems(&i, at, Background{Watched: w})) != 0 {
		t.Error("nobody looked for over an hour, and yet the GPU is said to have been unused")
	}
	p := Problems(&i, noon.Add(30*time.Minute), Background{Watched: before})
	if len(p) != 1 || p[0].Kind != ProblemIdle || p[0].Evidence != "The GPU has not been used for 30m: $0.41 so far, $19.68 a day." || p[0].Wasted != vastapi.Rate(0.82).For(30*time.Minute) {
		t.Errorf("%+v", p)
	}
	i.GPUUtil = 50
	if w = w.Seen(&i, at.Add(time.Minute)); !w.IdleSince.IsZero() {
		t.Error("a GPU in use counts as unused")
	}
	i.GPUUtil = vastapi.Unknown[float64]()
	if w = w.Seen(&i, at.Add(2*time.Minute)); !w.IdleSince.IsZero() {
		t.Error("a GPU of which nothing is known counts as unused")
	}
}

func TestAProblemIsTheSameForAsLongAsItLasts(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	i.End = noon.Add(72 * time.Hour)
	keys := map[string]bool{}
	for n := range 72 {
		for _, p := range Problems(&i, noon.Add(time.Duration(n)*time.Hour+time.Minute), Background{}) {
			keys[p.Key()] = true
		}
	}
	if len(keys) != 2 {
		t.Errorf("an end that comes near is told %d times, want at three days and at one", len(keys))
	}
	asks := asked(7, 31)
	one := Problems(&i, noon, Background{Increases: []vastapi.PriceIncrease{asks}})
	if len(one) != 1 || one[0].Kind != ProblemPrice || one[0].Actions[0].Kind != ActAccept || !strings.Contains(one[0].Evidence, "$1.000/h while it runs, now it is $0.820/h: +$129.60 a month") {
		t.Errorf("%+v", one)
	}
	other := asked(8, 32)
	if got := Problems(&i, noon, Background{Increases: []vastapi.PriceIncrease{other}}); len(got) != 0 {
		t.Errorf("the increase of another instance: %s", kindsOf(got))
	}
}

func TestTheTimelineKeepsWhatWasSeen(t *testing.T) {
	t.Parallel()
	i := coming(7)
	w := Watched{}.Seen(&i, noon)
	if got := w.Word(&i, w.Since()); got != "LOADING" {
		t.Errorf("seen for the first time it is %q", got)
	}
	if got := w.Word(&i, noon.Add(3*time.Minute)); got != "LOADING ≥3m" {
		t.Errorf("%s", got)
	}
	if got := (Watched{}).Appeared().Seen(&i, noon).Word(&i, noon.Add(3*time.Minute)); got != "LOADING 3m" {
		t.Errorf("what was not there before is %s", got)
	}
	copied := w
	up := instance(7, "a")
	w = w.Seen(&up, noon.Add(4*time.Minute)).Seen(&up, noon.Add(5*time.Minute))
	if got := w.Word(&up, noon.Add(time.Hour)); got != "RUNNING" || len(w.States) != 2 || len(copied.States) != 1 || w.Since() != noon.Add(4*time.Minute) {
		t.Errorf("%s, %d states, the copy %d", got, len(w.States), len(copied.States))
	}
	if again := w.Seen(&i, noon); len(again.States) != 2 {
		t.Error("an older reading was taken in")
	}
	// Made anew, it is a new start: the old one does not make it late.
	began := noon.Add(5 * time.Hour)
	w = w.Seen(&i, began)
	if v := w.Startup.Verdict(began.Add(time.Minute), 0); v.Kind != VerdictNormal || w.Startup.Began != began {
		t.Errorf("%s since %v", v.Kind, w.Startup.Began)
	}
	late := began.Add(11 * time.Minute)
	if got := Problems(&i, late, Background{Watched: w}); kindsOf(got) != "stuck danger" || !strings.Contains(got[0].Evidence, "nothing new for 11m") {
		t.Errorf("%+v", got)
	}
	other := outbidOne(7)
	for n := range 200 {
		w = w.Seen([]*vastapi.Instance{&up, &other}[n%2], late.Add(time.Duration(n)*time.Minute))
	}
	if len(w.States) != maxStates {
		t.Errorf("%d states are kept", len(w.States))
	}
	if got := w.Word(&other, late.Add(200*time.Minute)); got != "OUTBID 1m" {
		t.Errorf("%s", got)
	}
}
