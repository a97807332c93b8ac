package offerql

import (
	"errors"
	"slices"
	"testing"
)

func TestOrdersCompileAsTheOfficialClientCompilesThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][][2]string{
		"score-":                      {{"score", "desc"}},
		"dph_total":                   {{"dph_total", "asc"}},
		"dph_total-":                  {{"dph_total", "desc"}},
		"num_gpus,total_flops-":       {{"num_gpus", "asc"}, {"total_flops", "desc"}},
		" num_gpus , dph- ":           {{"num_gpus", "asc"}, {"dph_total", "desc"}},
		"-dph_total":                  {{"dph_total", "desc"}},
		"dph+":                        {{"dph_total", "asc"}},
		"+dph":                        {{"dph_total", "asc"}},
		"dph":                         {{"dph_total", "asc"}},
		"dlperf_usd-":                 {{"dlperf_per_dphtotal", "desc"}},
		"cuda_vers-,display_active":   {{"cuda_max_good", "desc"}, {"gpu_display_active", "asc"}},
		"score--":                     {{"score", "desc"}},
		"":                            nil,
		",,":                          nil,
		"\u00a0id,\tnw_disk_avg_bw-,": {{"id", "asc"}, {"nw_disk_avg_bw", "desc"}},
	} {
		got, err := ParseOrder(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
		if again, err := ParseOrder(FormatOrder(got)); err != nil || !slices.Equal(again, got) {
			t.Errorf("%q prints as %q, which reads as %v, %v", text, FormatOrder(got), again, err)
		}
	}
}

func TestMistakesInOrdersArePointedAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		kind     ErrorKind
		col, len int
		suggest  string
	}{
		{"dph,unknown_field-", UnknownField, 4, 14, ""},
		{"dph, scor- ", UnknownField, 5, 5, "score"},
		{"inet_up+-", BadText, 0, 9, "inet_up-"},
		{"+dph-", BadText, 0, 5, "dph-"},
		{"dph,-", BlankValue, 4, 1, ""},
		{"dph desc", BadText, 0, 8, "dph-"},
		{"dph score-", BadText, 0, 10, ""},
		{"dph,score-,dph_total-", Conflict, 11, 10, ""},
	} {
		_, err := ParseOrder(c.text)
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Col != c.col || e.Len != c.len || e.Suggest != c.suggest || e.Text == "" {
			t.Errorf("%q: %+v, want %+v", c.text, err, c)
		}
	}
}

func FuzzParseOrder(f *testing.F) {
	for _, s := range []string{"dph_total,score-", " +dph , -score", "a b,,+-", "\u00a0,\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		order, err := ParseOrder(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		if again, err := ParseOrder(FormatOrder(order)); err != nil || !slices.Equal(again, order) {
			t.Fatalf("%q prints as %q, which reads as %v, %v", s, FormatOrder(order), again, err)
		}
	})
}
