package rental

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

func TestFiguresAreWrittenAsTheListsWriteThem(t *testing.T) {
	t.Parallel()
	const m, h = time.Minute, time.Hour
	for d, want := range map[time.Duration]string{
		0: "0s", 45 * time.Second: "45s", 12*m + 30*time.Second: "12m", 3*h + 12*m: "3h 12m", 3 * h: "3h", 18*h + 23*m + 59*time.Second: "18h 23m",
		51 * h: "2d 3h", 48*h + 59*m: "2d", 24 * 1500 * h: "1,500d", -h: "0s",
	} {
		if got := span(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	for f, want := range map[float64]string{0.991: "99.1%", 1: "100.0%", 0.9997: "99.9%", 0: "0.0%", 0.0001: "<0.1%"} {
		if got := percent(f); got != want {
			t.Errorf("%v: %q, want %q", f, got, want)
		}
	}
	for size, want := range map[vastapi.GB]string{28.6: "29 GB", 1.5: "1.5 GB", 9.96: "10 GB", 2: "2 GB", 118.4: "118 GB"} {
		if got := used(size); got != want {
			t.Errorf("%v: %q, want %q", float64(size), got, want)
		}
	}
	if got := perGB(0.00134); got != "$0.0013/GB" {
		t.Error(got)
	}
}

func TestDestroyingManyWarnsOnceOfEachKind(t *testing.T) {
	t.Parallel()
	used := func(id vastapi.InstanceID, days int, gb vastapi.GB, volumes ...vastapi.VolumeID) vastapi.Instance {
		i := instance(id, "x")
		i.Start, i.DiskUsed, i.Volumes = noon.Add(-time.Duration(days)*25*time.Hour), gb, volumes
		return i
	}
	hours := func(id vastapi.InstanceID, n int) vastapi.Instance {
		i := instance(id, "x")
		i.Start = noon.Add(-time.Duration(n) * time.Hour)
		return i
	}
	fresh := used(9, 0, 0.2)
	for name, c := range map[string]struct {
		list []vastapi.Instance
		want []string
	}{
		"one":          {[]vastapi.Instance{used(1, 1, 28.6, 5)}, []string{"#1 has existed for 1d 1h.", "#1 has 29 GB on its disk.", "#1: its 1 volume stays and is billed on."}},
		"of today":     {[]vastapi.Instance{hours(1, 19), hours(2, 3)}, []string{"#1 has existed for 19h, #2 for 3h."}},
		"one of today": {[]vastapi.Instance{hours(1, 19)}, []string{"#1 has existed for 19h."}},
		"two volumes":  {[]vastapi.Instance{used(1, 0, 0, 5, 6)}, []string{"#1: its 2 volumes stay and are billed on."}},
		"two":          {[]vastapi.Instance{used(1, 1, 2, 5), used(2, 2, 3.5, 6), fresh}, []string{"#1 has existed for 1d 1h, #2 for 2d 2h.", "#1 has 2 GB on its disk, #2 has 3.5 GB.", "#1 and #2: their 2 volumes stay and are billed on."}},
		"one between":  {[]vastapi.Instance{used(1, 1, 2, 5), used(2, 2, 3.5, 5)}, []string{"#1 and #2: their 1 volume stays and is billed on."}},
		"four of five": {[]vastapi.Instance{used(1, 1, 28, 5), used(2, 2, 30, 6), used(3, 3, 30, 7), used(4, 4, 30, 8), fresh}, []string{"4 of them have existed for more than a day.", "Together 118 GB are on the disks of 4 of them.", "The 4 volumes of 4 of them stay and are billed on."}},
		"all of three": {[]vastapi.Instance{used(1, 1, 28, 5), used(2, 2, 30, 6), used(3, 3, 30, 7)}, []string{"All 3 have existed for more than a day.", "Together 88 GB are on the disks of all 3.", "The 3 volumes of all 3 stay and are billed on."}},
	} {
		got := warningsOf(must(t)(PlanDestroy(c.list, fixed())))
		for _, want := range c.want {
			if strings.Count(got, want+"\n") != 1 {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
		if lines := strings.Count(got, "\n"); lines > 4 {
			t.Errorf("%s: %d warnings\n%s", name, lines, got)
		}
	}
}

func TestWhatIsNotKnownIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change    func(*Desk)
		want, not string
		check     string
	}{
		"credit":        {func(d *Desk) { d.Credit = vastapi.Unknown[vastapi.Amount]() }, "The credit is not known.", "billed is not known", "the credit is not known; it has to last 1h"},
		"one rate":      {func(d *Desk) { d.Burn.Committed, d.Burn.Unsure = nan, 1 }, "The rate of 1 contract is not known.", "The credit", "running total: the rate is not known, your cap is $25.00/h"},
		"the account":   {func(d *Desk) { d.At = time.Time{} }, "What the account is billed is not known.", "The credit is", "how long the credit would last is not known; it has to last 1h"},
		"open":          {func(d *Desk) { d.OpenRate = nan }, "What operations without a clear answer may cost is not known.", "The credit is", "running total: the rate is not known, your cap is $25.00/h"},
		"open, a known": {func(d *Desk) { d.OpenRate = 25 }, "may cost up to $25.00/h more", "not known", "running total: $26.25/h is above your cap of $25.00/h"},
		"short":         {func(d *Desk) { d.Credit = 0.9 }, "Credit of $0.90 lasts 43m then", "not known", "credit would last 43m (0.7 h), less than 1h"},
	} {
		d := fixed()
		c.change(&d)
		p := must(t)(PlanRent(offer(77), noon, someOptions, d))
		if got := warningsOf(p); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s: warnings\n%s", name, got)
		}
		found := false
		for _, check := range p.Checks {
			found = found || !check.OK && check.Text == c.check
		}
		if !found {
			t.Errorf("%s: checks %+v", name, p.Checks)
		}
	}
	p := must(t)(PlanDestroy(fixed().Instances, Desk{Now: noon, At: noon, OpenRate: 2, Burn: pricing.Burn{}}))
	if !strings.Contains(warningsOf(p), "may cost up to $2.000/h more; that is counted in") {
		t.Errorf("a destroy hides what is open:\n%s", warningsOf(p))
	}
}

func TestWhatIsBeingDestroyedIsLeftAlone(t *testing.T) {
	t.Parallel()
	leaving := instance(1, "a")
	leaving.Cur, leaving.Next, leaving.Intended = safetext.New("unloaded"), safetext.New("unloaded"), safetext.New("stopped")
	also := leaving
	also.ID = 2
	run, off := instance(3, "c"), stopped(4, "d")
	for name, plan := range map[string]func([]vastapi.Instance, Desk) (Plan, error){
		"destroy": PlanDestroy, "stop": PlanStop, "start": PlanStart,
		"rename": func(list []vastapi.Instance, d Desk) (Plan, error) { return PlanRename(list[0], "new", d) },
	} {
		if _, err := plan([]vastapi.Instance{leaving}, fixed()); err == nil || err.Error() != "instance 1 is being destroyed already" {
			t.Errorf("%s: %v", name, err)
		}
		if name == "rename" {
			continue
		}
		if _, err := plan([]vastapi.Instance{leaving, also}, fixed()); err == nil || err.Error() != "all 2 instances are being destroyed already" {
			t.Errorf("%s: %v", name, err)
		}
		with := run
		if name == "start" {
			with = off
		}
		p := must(t)(plan([]vastapi.Instance{leaving, with, also}, fixed()))
		if len(p.Steps) != 1 || p.Steps[0].Subject.Instance != with.ID || !strings.Contains(warningsOf(p), "2 are being destroyed already and left out.") {
			t.Errorf("%s: %v\n%s", name, p.Steps, warningsOf(p))
		}
	}
}

func TestAStepSaysWhatItsTargetIsCalledAfterwards(t *testing.T) {
	t.Parallel()
	i := instance(7, "old vx-abcdefghijkl")
	for want, p := range map[string]Plan{
		`#7: now "new"`:   must(t)(PlanRename(i, "new", fixed())),
		`#7: now unnamed`: must(t)(PlanRename(i, "", fixed())),
		`#7 "old"`:        must(t)(PlanStop([]vastapi.Instance{i}, fixed())),
	} {
		if got := p.Steps[0].After(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
