package rental

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestStoppingWarnsOfWhatComputesAndOfContractsThatEnd(t *testing.T) {
	t.Parallel()
	ending := func(id vastapi.InstanceID, left time.Duration, load float64) vastapi.Instance {
		i := instance(id, "x")
		i.End, i.GPUUtil = noon.Add(left), load
		return i
	}
	d := fixed()
	targets := []vastapi.Instance{ending(1, 30*time.Hour, 97), ending(2, 5*time.Hour, 1), ending(3, time.Hour, 60), ending(4, 900*time.Hour, 50)}
	said := func(list ...vastapi.Instance) string {
		var lines []string
		for _, w := range must(t)(PlanStop(list, d)).Warnings {
			lines = append(lines, w.Text)
		}
		return strings.Join(lines, "\n")
	}
	for _, c := range []struct {
		list []vastapi.Instance
		want []string
	}{
		{targets[:1], []string{"The contract of #1 ends in 1d 6h: after that there is no starting again.", "#1 computes now, its GPU is used to 97%."}},
		{targets[:2], []string{"The contract of #1 ends in 1d 6h, that of #2 in 5h: after that there is no starting again."}},
		{targets, []string{"The contracts of 3 of them end within 7d: after that there is no starting again.", "3 of them compute now."}},
	} {
		got := said(c.list...)
		for _, want := range c.want {
			if !slices.Contains(strings.Split(got, "\n"), want) {
				t.Errorf("%d: %q is not in\n%s", len(c.list), want, got)
			}
		}
	}
	if got := said(targets[3]); strings.Contains(got, "ends in") {
		t.Errorf("of a contract that lasts it says\n%s", got)
	}
}

func TestWhatNoVolumeKeepsIsToBeCopiedFirst(t *testing.T) {
	t.Parallel()
	const one, part = "No volume is attached: what is to be kept", "No volume is attached to 2 of them: what is to be kept"
	full := func(id vastapi.InstanceID) vastapi.Instance {
		i := instance(id, "x")
		i.DiskUsed = 30
		return i
	}
	with, empty := full(3), full(4)
	with.Volumes, empty.DiskUsed = []vastapi.VolumeID{5}, 0.2
	d := fixed()
	for name, plan := range map[string]func([]vastapi.Instance, Desk) (Plan, error){"stop": PlanStop, "destroy": PlanDestroy} {
		for want, list := range map[string][]vastapi.Instance{one: {full(1)}, part: {full(1), full(2), with, empty}, "": {with}} {
			found := false
			for _, w := range must(t)(plan(list, d)).Warnings {
				about := strings.Contains(w.Text, "volume is attached")
				if about && (want == "" || !strings.HasPrefix(w.Text, want) || w.Level != Note) {
					t.Errorf("%s of %d says %q", name, len(list), w.Text)
				}
				found = found || about
			}
			if found != (want != "") {
				t.Errorf("%s of %d says something about volumes: %t", name, len(list), found)
			}
		}
	}
}
