package figure

import (
	"math"
	"testing"
	"time"
)

var nan, inf = math.NaN(), math.Inf(1)

func compare(t *testing.T, cases []struct{ got, want string }) {
	t.Helper()
	for i, c := range cases {
		if c.got != c.want {
			t.Errorf("case %d: got %q, want %q", i, c.got, c.want)
		}
	}
}

func TestMoneyHasAsManyDecimalsAsItNeeds(t *testing.T) {
	t.Parallel()
	compare(t, []struct{ got, want string }{
		{Rate(0.412), "$0.412/h"}, {Rate(0), "$0.000/h"}, {Rate(9.999), "$9.999/h"}, {Rate(9.9994), "$9.999/h"},
		{Rate(9.9996), "$10.00/h"}, {Rate(10), "$10.00/h"}, {Rate(1234.5), "$1,234.50/h"}, {Rate(-0.5), "-$0.500/h"},
		{Rate(-0.0001), "$0.000/h"}, {Rate(nan), "—"}, {Rate(inf), "—"}, {Rate(-inf), "—"},
		{Amount(41.2), "$41.20"}, {Amount(-0.001), "$0.00"}, {Amount(-12.5), "-$12.50"},
		{Amount(1234567.891), "$1,234,567.89"}, {Amount(999.999), "$1,000.00"}, {Amount(nan), "—"},
	})
}

func TestSharesNeverLookCompleteWhenTheyAreNot(t *testing.T) {
	t.Parallel()
	compare(t, []struct{ got, want string }{
		{Percent(99.1), "99.1%"}, {Percent(100), "100.0%"}, {Percent(99.97), "99.9%"}, {Percent(99.94), "99.9%"},
		{Percent(0), "0.0%"}, {Percent(0.01), "<0.1%"}, {Percent(0.05), "0.1%"}, {Percent(-3), "-3.0%"}, {Percent(nan), "—"},
		{Share(0.991), "99.1%"}, {Share(1), "100.0%"}, {Share(nan), "—"},
	})
}

func TestSizesAreShort(t *testing.T) {
	t.Parallel()
	compare(t, []struct{ got, want string }{
		{GB(24), "24 GB"}, {GB(1.5), "1.5 GB"}, {GB(9.96), "10 GB"}, {GB(0), "0 GB"}, {GB(9999), "9,999 GB"},
		{GB(12_300), "12 TB"}, {GB(nan), "—"},
		{MiB(24564), "24 GB"}, {MiB(81559), "80 GB"}, {MiB(512), "512 MB"}, {MiB(1024), "1 GB"}, {MiB(nan), "—"},
		{Mbps(812.4), "812 Mbps"}, {Mbps(1234), "1.2 Gbps"}, {Mbps(10_000), "10 Gbps"}, {Mbps(999.7), "1 Gbps"},
		{Mbps(4.26), "4.3 Mbps"}, {Mbps(nan), "—"},
		{Count(0), "0"}, {Count(999), "999"}, {Count(10_000), "10,000"}, {Count(-1234567), "-1,234,567"},
		{Decimal(1234.567, 1), "1,234.6"}, {Decimal(-0.01, 1), "0.0"}, {Decimal(nan, 2), "—"},
	})
}

func TestAgesAreBucketed(t *testing.T) {
	t.Parallel()
	s, m, h := time.Second, time.Minute, time.Hour
	compare(t, []struct{ got, want string }{
		{Age(-h), "now"}, {Age(0), "now"}, {Age(5*s - 1), "now"}, {Age(5 * s), "5 s"}, {Age(10*s - 1), "5 s"},
		{Age(10 * s), "10 s"}, {Age(29 * s), "10 s"}, {Age(30 * s), "30 s"}, {Age(m - 1), "30 s"}, {Age(m), "1 min"},
		{Age(2*m + 59*s), "2 min"}, {Age(59 * m), "59 min"}, {Age(h), "1 h"}, {Age(23*h + 59*m), "23 h"},
		{Age(24 * h), "1 d"}, {Age(24 * 1500 * h), "1,500 d"},
		{Span(0), "0s"}, {Span(45 * s), "45s"}, {Span(12*m + 30*s), "12m"}, {Span(3*h + 12*m), "3h 12m"}, {Span(3 * h), "3h"},
		{Span(51 * h), "2d 3h"}, {Span(48 * h), "2d"}, {Span(-s), "—"},
		{Hours(3.2), "3h 12m"}, {Hours(nan), "—"}, {Hours(inf), "—"}, {Hours(-1), "—"}, {Hours(1e30), "—"}, {Hours(0), "0s"},
	})
}
