package offerql

import (
	"slices"
	"strings"
	"testing"
)

func TestCompletionOffersWhatMayStandAtTheCursor(t *testing.T) {
	t.Parallel()
	known := KnownOf(marketOf(200))
	for _, c := range []struct {
		before string // text up to the cursor
		from   string // the part that is replaced
		first  string // the first candidate, "" = any
		has    string
		hasNot string
	}{
		{"", "", "", "num_gpus", ""},
		{"dph<1 num", "num", "num_gpus", "num_gpus", "dph_total"},
		{"gpu_n", "gpu_n", "gpu_name", "gpu_name", "num_gpus"},
		{"total", "total", "total_flops", "dph_total", ""},
		{"4090 409", "409", "", "RTX_4090", "RTX_3090"},
		{"-chi", "chi", "", "CN", ""},
		{"4090|50", "50", "", "RTX_5090", "RTX_4090"},
		{"num_gpus ", "", "=", ">=", ""},
		{"verified ", "", "=", "!=", ">="},
		{"verified=", "", "", "any", ""},
		{"verified=t", "t", "true", "true", "any"},
		{"gpu_name=rtx_50", "rtx_50", "", "RTX_5090", "RTX_4090"},
		{"gpu_name in [RTX_4090, H1", "H1", "", "H100_SXM", "RTX_4090"},
		{"geolocation=", "", "", "EU", ""},
		{"geolocation=ger", "ger", "DE", "DE", "FR"},
		{"geolocation in [DE,f", "f", "FR", "FI", "DE"},
		{"cpu_name=epyc", "epyc", "AMD_EPYC_7702_64-Core_Processor", "AMD_EPYC_7702_64-Core_Processor", ""},
		{"foo=", "", "", "", "any"},
	} {
		got := Complete(c.before+" dph<1", len(c.before), known)
		var texts []string
		for _, k := range got {
			texts = append(texts, k.Text)
			if k.To != len(c.before) || c.before[k.From:k.To] != c.from {
				t.Fatalf("%q: %q replaces %d to %d", c.before, k.Text, k.From, k.To)
			}
		}
		if c.first != "" && (len(texts) == 0 || texts[0] != c.first) || c.has != "" && !slices.Contains(texts, c.has) || c.hasNot != "" && slices.Contains(texts, c.hasNot) {
			t.Errorf("%q: %q; want %q first, %q among them, %q not", c.before, texts, c.first, c.has, c.hasNot)
		}
	}
}

func TestCompletedValuesAreAccepted(t *testing.T) {
	t.Parallel()
	known := KnownOf(marketOf(200))
	for _, before := range []string{"gpu_name=", "geolocation in [", "cpu_name=", "verified=", "gpu_name=", "-rtx", "un"} {
		list := Complete(before, len(before), known)
		if len(list) == 0 {
			t.Errorf("%q has no completion", before)
		}
		for _, c := range list {
			s := before[:c.From] + c.Text
			if strings.Contains(s, "[") {
				s += "]"
			}
			if _, err := Parse(s + " "); err != nil && offerFields[c.Text] == nil {
				t.Errorf("%q completed to %q: %v", before, s, err)
			}
		}
	}
}

func TestCompletionCountsTheOffersAtHand(t *testing.T) {
	t.Parallel()
	offers := marketOf(200)
	want := 0
	for _, o := range offers {
		if o.Country == "US" {
			want++
		}
	}
	got := Complete("geolocation=united_s", 20, KnownOf(offers))
	if len(got) == 0 || got[0].Text != "US" || got[0].Count != want || want == 0 {
		t.Errorf("%+v, want US with %d offers", got, want)
	}
}

func FuzzComplete(f *testing.F) {
	for _, s := range []string{"gpu_name in [RTX_", "-", "4090|", "num_gpus not", `"a`, "geo=\u00a0d"} {
		f.Add(s, len(s))
	}
	known := KnownOf(marketOf(20))
	f.Fuzz(func(t *testing.T, s string, cursor int) {
		for _, c := range Complete(s, cursor, known) {
			if c.From < 0 || c.From > c.To || c.To > len(s) || c.Text == "" {
				t.Fatalf("%q at %d: %+v", s, cursor, c)
			}
		}
	})
}
