package store

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestATrendHoldsAPriceUntilTheNextOne(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	slot := Slot{1, 1, "on-demand"}
	h.mustRecord(t, Prices{At: day1.Add(-time.Hour), Quotes: []Quote{quote(1, 1, 0.5), quote(2, 1, 3)}})
	h.mustRecord(t, Prices{At: day1.Add(90 * time.Minute), Quotes: []Quote{quote(1, 1, 0.7)}})
	h.mustRecord(t, Prices{At: day1.Add(190 * time.Minute), Gone: []Slot{slot}})
	h.mustRecord(t, Prices{At: day1.Add(310 * time.Minute), Quotes: []Quote{quote(1, 1, 0.6)}})
	one, err := h.SlotTrend(t.Context(), slot, day1, day1.Add(6*time.Hour), 6)
	if want := "[0.5 0.7 0.7 NaN NaN 0.6]"; err != nil || fmt.Sprint(one.Prices) != want || one.Points != 3 {
		t.Errorf("%v with %d points, want %s; %v", one.Prices, one.Points, want, err)
	}
	all, err := h.Trends(t.Context(), day1, day1.Add(6*time.Hour), 6)
	if err != nil || len(all) != 2 || fmt.Sprint(all[0].Prices) != fmt.Sprint(one.Prices) || fmt.Sprint(all[1].Prices) != "[3 3 3 3 3 3]" {
		t.Errorf("%v, %v", all, err)
	}
	none, err := h.SlotTrend(t.Context(), Slot{9, 1, "on-demand"}, day1, day1.Add(time.Hour), 6)
	if err != nil || len(none.Prices) != 0 {
		t.Errorf("a slot that is not known: %v, %v", none, err)
	}
}

func TestBandsAreSummedUpForAChart(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for n := range 36 { // six hours, ten minutes apart, with two hours missing
		if n/6 == 2 || n/6 == 3 {
			continue
		}
		h.mustRecord(t, Prices{At: day1.Add(time.Duration(n) * 10 * time.Minute), Quotes: []Quote{quote(1, 1, 0.3+float64(n)/100), quote(2, 1, 1)}, Whole: true})
	}
	list, samples, first, last, err := h.ModelBands(t.Context(), "RTX 4090", "on-demand", day1, day1.Add(6*time.Hour), 6)
	if err != nil || len(list) != 4 || samples != 24 || !first.Equal(day1) || !last.Equal(day1.Add(350*time.Minute)) {
		t.Fatalf("%+v, %d samples from %s to %s, %v", list, samples, first, last, err)
	}
	if b := list[2]; !b.At.Equal(day1.Add(4*time.Hour)) || math.Abs(b.Low-0.54) > 1e-9 || b.High != 1 {
		t.Errorf("%+v", b)
	}
}

func TestLowsJudgeAsTheStandingDoes(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for n := range 200 {
		h.mustRecord(t, Prices{At: day1.Add(time.Duration(n) * 10 * time.Minute), Quotes: []Quote{quote(1, 1, 0.3+float64(n%37)/100)}, Whole: true})
	}
	lows, err := h.Lows(t.Context(), "RTX 4090", "on-demand", day1)
	if err != nil {
		t.Fatal(err)
	}
	for _, price := range []float64{0.1, 0.3, 0.45, 0.9} {
		s, err := h.Standing(t.Context(), "RTX 4090", "on-demand", price, day1)
		dearer := 0
		for _, low := range lows.Prices {
			if low > price {
				dearer++
			}
		}
		if err != nil || s.Samples != len(lows.Prices) || s.Span != lows.Span || s.Says() != lows.Says() ||
			math.Abs(s.Cheaper-float64(dearer)/float64(len(lows.Prices))) > 1e-9 {
			t.Errorf("at %v: %+v against %d of %d, %v", price, s, dearer, len(lows.Prices), err)
		}
	}
	if early, err := h.Lows(t.Context(), "RTX 4090", "on-demand", day1.Add(1900*time.Minute)); err != nil || early.Says() {
		t.Errorf("%d samples over %s say something, %v", len(early.Prices), early.Span, err)
	}
}

func TestWhenItWasTidiedIsRemembered(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	if at, err := h.Tidied(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("%s, %v", at, err)
	}
	if err := h.Tidy(t.Context(), day1); err != nil {
		t.Fatal(err)
	}
	if at, err := h.Tidied(t.Context()); err != nil || !at.Equal(day1) {
		t.Errorf("%s, %v", at, err)
	}
}
