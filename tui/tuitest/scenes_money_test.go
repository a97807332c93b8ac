package tuitest_test

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/tui"
)

func TestSceneVolumes(t *testing.T) {
	t.Parallel()
	play(t, 150, 30, func(d *deck) {
		d.loaded()
		d.Press("3")
		d.Wait(time.Second)
		d.Press("n")
		d.UntilHas(time.Minute, "GB")
		d.Press("/")
		d.Type("region=EU disk_space>200")
		d.Press("enter")
		d.Wait(10 * time.Second)
		d.Scene("volumes")
	})
}

func TestSceneBids(t *testing.T) {
	t.Parallel()
	play(t, 160, 34, func(d *deck) {
		d.loaded()
		d.Press("4")
		d.Wait(20 * time.Second)
		d.Press("enter")
		d.Wait(time.Second)
		d.Scene("bids")
	})
}

func TestSceneCost(t *testing.T) {
	t.Parallel()
	play(t, 150, 40, func(d *deck) {
		d.loaded()
		d.Press("5", "b")
		d.Wait(3 * time.Minute) // a day a second, and those of the account's beginning
		d.Press("left")
		d.Scene("charges")
		d.Press("esc")
		d.Wait(time.Second)
		d.Scene("cost")
	})
}

func TestSceneHistory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	h, _, err := store.OpenHistory(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(1999, 12, 23, 0, 0, 0, 0, time.UTC) // a bubble's clock begins with the year 2000
	for n := range 9 * 24 {
		day := float64(n) / 24
		var quotes []store.Quote
		for m := range int64(12) {
			price := 0.33 + 0.015*float64(m) + 0.04*math.Sin(2*math.Pi*day) + 0.03*math.Sin(day+float64(m))
			quotes = append(quotes, store.Quote{Slot: store.Slot{Machine: 1000 + m, GPUs: 1, Kind: "on-demand"}, Model: "RTX 4090", Price: price})
		}
		if err := h.RecordPrices(t.Context(), store.Prices{At: begin.Add(time.Duration(n) * time.Hour), Quotes: quotes, Whole: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	still := func(deps *tui.Deps) { deps.Command.History.Record, deps.Command.History.Search = false, false }
	remember(t, path, 150, 36, still, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("gpu_name=RTX_4090 num_gpus=1")
		d.Press("enter")
		d.Wait(10 * time.Minute)
		d.Press("g", "h")
		d.Wait(10 * time.Second)
		d.Scene("history")
	})
}
