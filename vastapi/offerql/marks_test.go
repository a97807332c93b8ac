package offerql

import (
	"strings"
	"testing"
)

func TestFoundPartsOfTextsAreMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, column, text, want string }{
		{"4090", "gpu_name", "RTX 4090", "RTX [4090]"},
		{"4090", "geolocation", "4090 Road, US", "4090 Road, US"},
		{"rtx4090", "gpu_name", "RTX 4090", "[RTX 4090]"},
		{"RTX_40", "gpu_name", "RTX 4090", "[RTX 40]90"},
		{"rtx 4090", "gpu_name", "RTX 4090", "[RTX] [4090]"},
		{"-4090 -~x", "gpu_name", "RTX 4090", "RTX 4090"},
		{"gpu_name=RTX_4090", "gpu_name", "RTX 4090", "RTX 4090"},
		{"~^rtx.4", "gpu_name", "RTX 4090", "[RTX 4]090"},
		{"~0|tx", "gpu_name", "RTX 4090", "R[TX] 4[0]9[0]"},
		{"~y*", "gpu_name", "RTX 4090", "RTX 4090"},
		{"gpu_name~90$", "gpu_name", "RTX 4090", "RTX 40[90]"},
		{"gpu_name~90$", "cpu_name", "Xeon 90", "Xeon 90"},
		{"texas", "geolocation", "Texas, US", "[Texas], US"},
		{"US", "geolocation", "Texas, US", "Texas, [US]"},
		{"germany", "geolocation", "DE", "[DE]"},
		{"EU", "geolocation", "Bavaria, DE", "Bavaria, [DE]"},
		{"EU", "geolocation", "Texas, US", "Texas, US"},
		{"germany", "geolocation", "Germany", "[Germany]"},
		{"epyc|xeon", "cpu_name", "AMD EPYC 7702", "AMD [EPYC] 7702"},
		{"~^12", "machine_id", "12345", "[12]345"},
		{"", "gpu_name", "RTX 4090", "RTX 4090"},
	} {
		m := mustParse(t, c.query).Marker()
		var b strings.Builder
		at := 0
		for _, p := range m.In(c.column, c.text) {
			b.WriteString(c.text[at:p[0]] + "[" + c.text[p[0]:p[1]] + "]")
			at = p[1]
		}
		if got := b.String() + c.text[at:]; got != c.want {
			t.Errorf("%q in %s: %s, want %s", c.query, c.column, got, c.want)
		}
	}
	if a, b := mustParse(t, "~x 4090").Marker(), mustParse(t, "dph<1 ~x 4090").Marker(); !a.Equal(b) || a.Equal(Marker{}) || a.Empty() {
		t.Error("markers of the same words differ")
	}
}

func TestPatternsMatchEachTextByItself(t *testing.T) {
	t.Parallel()
	o := anOffer()
	for query, want := range map[string]bool{
		"~^RTX.40": true, "~^40": false, "~4090$": true, "-~4090$": false, "!~3090": true, "!4090": false, "!CN": true,
		"gpu_name~^rtx": true, "gpu_name!~^rtx": false, `gpu_name~"RTX 40"`: true, "gpu_name ~ 4090$": true,
		"geolocation~^" + o.Country + "$": true, "~4090|nothing": true, "3090|~^rtx": true, "4090 ~^rtx": true,
	} {
		q := mustParse(t, query)
		if got := q.Match(&o); got != want {
			t.Errorf("%q: %t, want %t", query, got, want)
		}
		if strings.Contains(query, "~") && len(q.Local()) == 0 {
			t.Errorf("%q is sent: %v", query, q.Filter(false))
		}
	}
}
