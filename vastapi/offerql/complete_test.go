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
		{"rtx 409", "rtx 409", "", "RTX_4090", "RTX_3090"},
		{"dph<1 rtx pro 6", "rtx pro 6", "", "RTX_PRO_6000_WS", "RTX_4090"},
		{"texas 409", "409", "", "RTX_4090", "RTX_3090"},
		{"num_gpus=2 409", "409", "", "RTX_4090", ""},
		{"!chi", "chi", "", "CN", ""},
		{"gpu_name~", "", "", "", "RTX_4090"},
		{"~rtx", "", "", "", "RTX_4090"},
		{"cpu_name ", "", "=", "!~", ">="},
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
		{"host_id=", "", "", "1", ""},
		{"machine=100", "100", "", "10000", "1"},
		{"gpu_ram>=24", "24", "24GB", "24MB", "24TB"},
		{"duration>12h", "12h", "", "", "12d"},
		{"reliability>=99", "99", "99%", "99%", ""},
		{"gpu_name=r", "r", "", "RTX_4090", "Q"},
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

func TestCompletionSaysUnitsAndWhatOperatorsMean(t *testing.T) {
	t.Parallel()
	help := func(s, text string) string {
		for _, c := range Complete(s, len(s), nil) {
			if c.Text == text {
				return c.Help
			}
		}
		return ""
	}
	if got := help("gpu_r", "gpu_ram"); !strings.HasSuffix(got, "(GB)") {
		t.Errorf("gpu_ram: %q", got)
	}
	if got := help("dph ", ">="); got != "is at least" {
		t.Errorf(">=: %q", got)
	}
	for _, f := range Fields() {
		for _, o := range f.Ops {
			if opHelp[o] == "" {
				t.Errorf("operator %s of %s is not explained", o, f.Name)
			}
		}
	}
}

func TestCompletionForVolumesKnowsTheirFields(t *testing.T) {
	t.Parallel()
	has := func(s, text string) bool {
		return slices.ContainsFunc(CompleteVolumes(s, len(s), nil), func(c Candidate) bool { return c.Text == text })
	}
	if !has("nw_", "nw_disk_avg_bw") || !has("region=ger", "DE") || has("num", "num_gpus") || has("4090", "RTX_4090") || has("gpu_name=", "any") {
		t.Error("a field of volumes is missing, or one of offers among them")
	}
}

func TestNamesHandedInAreCompletedWithoutACount(t *testing.T) {
	t.Parallel()
	known := KnownOf(marketOf(200))
	more := known.WithNames([]string{"RTX 7090", "RTX 4090"})
	if known["gpu_name"]["RTX 4090"] == 0 || more["gpu_name"]["RTX 4090"] != known["gpu_name"]["RTX 4090"] {
		t.Error("a count changed")
	}
	if _, changed := known["gpu_name"]["RTX 7090"]; changed {
		t.Error("the values handed in were changed")
	}
	got := Complete("gpu_name=7090", 13, more)
	if len(got) != 1 || got[0].Count != 0 || got[0].Text != `"RTX 7090"` {
		t.Errorf("%+v", got)
	}
	if q := mustParse(t, "gpu_name="+got[0].Text); q.String() != `gpu_name="RTX 7090"` {
		t.Errorf("%q", q)
	}
	if names := (Known)(nil).WithNames([]string{"B300"}); len(names["gpu_name"]) != 1 {
		t.Errorf("%v", names)
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

func TestCompleteTokensNeedNoCompletion(t *testing.T) {
	t.Parallel()
	known := KnownOf(marketOf(200))
	for text, want := range map[string]bool{
		"": false, "num": false, "num_gpus": true, "num_gpus>=": false, "num_gpus>=2": true, "gpu_ram>=24": true, "gpu_ram>=24G": true, "gpu_ram>=24GB": true,
		"gpu_name=RTX_409": false, "gpu_name=rtx_4090": true, "rtx 4090": true, "rtx 409": false, "verified=": false, "verified=t": false, "verified=true": true,
		"geolocation=ger": false, "geolocation=DE": true, "4090": false, "duration<": false, "dph<0.": true,
	} {
		if got := Whole(text, len(text), Complete(text, len(text), known)); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}
