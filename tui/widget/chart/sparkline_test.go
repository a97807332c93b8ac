package chart

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"vastdeck/tui/widget/fit"
)

var nan = math.NaN()

func TestSparklineShowsRiseGapsAndTheNewestAtTheRight(t *testing.T) {
	t.Parallel()
	scale := Options{Scale: true, Max: 100}
	for name, c := range map[string]struct {
		values []float64
		w      int
		o      Options
		want   string
	}{
		"a rise":              {[]float64{0, 1, 2, 3, 4, 5, 6, 7}, 8, Options{}, "▁▂▃▄▅▆▇█"},
		"in ascii":            {[]float64{0, 1, 2, 3, 4, 5, 6, 7}, 8, Options{Look: ASCII}, "_.-:=+*#"},
		"in braille":          {[]float64{0, 1, 2, 3, 3, 0}, 3, Options{Look: Braille}, "⣠⣾⣇"},
		"with room":           {[]float64{0, 7}, 4, Options{}, "  ▁█"},
		"braille with room":   {[]float64{0, 1, 3}, 2, Options{Look: Braille}, "⢀⣼"},
		"gaps":                {[]float64{0, nan, 7, math.Inf(1)}, 4, Options{}, "▁ █ "},
		"a scale":             {[]float64{0, 50, 100}, 3, scale, "▁▅█"},
		"beyond the scale":    {[]float64{-9, 900}, 2, scale, "▁█"},
		"low on a scale":      {[]float64{3, 3, 3}, 3, scale, "▁▁▁"},
		"all the same":        {[]float64{5, 5}, 2, Options{}, "▁▁"},
		"one value":           {[]float64{5}, 1, Options{}, "▁"},
		"nothing":             {nil, 3, Options{}, "   "},
		"only gaps":           {[]float64{nan, nan}, 3, scale, "   "},
		"means of many":       {[]float64{0, 100, 100, 100, 0, 0}, 3, scale, "▅█▁"},
		"a mean without gaps": {[]float64{nan, 100, nan, nan}, 2, scale, "█ "},
		"labels":              {[]float64{0, 100}, 12, Options{Low: "0", High: "9 GB"}, "0    ▁█ 9 GB"},
		"no room for labels":  {[]float64{0, 100}, 5, Options{Low: "0", High: "9 GB"}, "   ▁█"},
		"no width":            {[]float64{0, 100}, 0, Options{}, ""},
	} {
		if got := Sparkline(c.values, c.w, c.o); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSparklineIsExactAtEveryWidth(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		values := make([]float64, r.IntN(300))
		for i := range values {
			values[i] = []float64{r.Float64() * 100, nan, -1e300, 1e300, math.Inf(-1)}[r.IntN(5)]
		}
		o := Options{Look: Look(r.IntN(3)), Scale: r.IntN(2) == 0, Max: 100, Low: strings.Repeat("x", r.IntN(4)), High: strings.Repeat("世", r.IntN(3))}
		w := r.IntN(250)
		if got := Sparkline(values, w, o); fit.Width(got) != w {
			t.Fatalf("%d values in %d cells: %d cells", len(values), w, fit.Width(got))
		}
	}
}

func TestSpanNamesNowLeastAndGreatest(t *testing.T) {
	t.Parallel()
	if s := SpanOf([]float64{nan, 3, 9, 1, 4}); s != (Span{4, 1, 9}) {
		t.Errorf("it is %+v", s)
	}
	if s := SpanOf([]float64{3, 9, nan}); !math.IsNaN(s.Now) || s.Min != 3 || s.Max != 9 {
		t.Errorf("with a gap at its end it is %+v", s)
	}
	if s := SpanOf(nil); !math.IsNaN(s.Now) || !math.IsNaN(s.Min) || !math.IsNaN(s.Max) {
		t.Errorf("of nothing it is %+v", s)
	}
}
