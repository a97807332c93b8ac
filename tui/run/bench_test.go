package run

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// BenchmarkRunOutput is a megabyte that eight hosts print at the same time, until
// the last line of it is on the screen.
func BenchmarkRunOutput(b *testing.B) {
	set := command.New(b.Context(), command.Config{})
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	env := view.Env{Now: now, Data: &feed.Snapshot{}, Theme: dark, Load: set.Loads(), Size: view.Size{W: 200, H: 60}}
	m := New(dark)
	var routes []route
	for id := vastapi.InstanceID(1); id <= command.AtOnce; id++ {
		routes = append(routes, route{id: id, name: fmt.Sprint("host-", id), way: overSSH})
	}
	m.batch = newBatch("run/1", "train", routes, 0, dark)
	var lines []command.RemoteLine
	for n := range (1 << 20) / 100 / command.AtOnce {
		lines = append(lines, command.RemoteLine{Text: fmt.Sprintf("step %06d loss 0.1234 tokens/s 9123 gpu mem 21 GB and so on until it is about a hundred bytes long, or so", n), Stderr: n%100 == 0})
	}
	hear := func(msg any) {
		m.Update(env, msg)
		m.Draw(env, env.Size)
	}
	var times []time.Duration
	for b.Loop() {
		begin := time.Now()
		for _, r := range routes {
			hear(command.RemoteOutput{Run: "run/1", Instance: r.id, Lines: lines})
		}
		for m.working {
			hear(command.Computed[step]{})
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	verdict, ms := "ok", float64(times[len(times)/2].Nanoseconds())/1e6
	if ms > 16 {
		verdict = "MISS"
	}
	b.Logf("1 MB of output of %d hosts %.3g ms %s (budget 16 ms)", len(routes), ms, verdict)
}
