package offerql

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

const fiveTerms = "gpu_name=RTX_4090 num_gpus>=2 dph<0.6 reliability>0.95 inet_down>=500"

// marketOf makes n offers of a seeded market.
func marketOf(n int) []vastapi.Offer {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	places := []string{"Texas, US", "Bavaria, DE", "Guangxi, CN", ", US", "Paris, FR", "Oslo, NO"}
	names, texts := make([]safetext.Text, len(gpuNames)), make([]safetext.Text, len(places))
	for i, g := range gpuNames {
		names[i] = safetext.New(g)
	}
	for i, p := range places {
		texts[i] = safetext.New(p)
	}
	verified, cpu := safetext.New("verified"), safetext.New("AMD EPYC 7702 64-Core Processor")
	out := make([]vastapi.Offer, n)
	for i := range out {
		p := r.IntN(len(places))
		out[i] = vastapi.Offer{
			ID: vastapi.OfferID(i + 1), MachineID: vastapi.MachineID(10000 + i/3), HostID: vastapi.HostID(1 + i/9),
			GPUName: names[r.IntN(len(names))], NumGPUs: 1 << r.IntN(4), GPURAM: 24564,
			DphTotal: vastapi.Rate(0.1 + r.Float64()*2), Reliability: 0.9 + r.Float64()/10, InetDown: vastapi.Mbps(r.Float64() * 2000),
			Geolocation: texts[p], Country: places[p][len(places[p])-2:], CPUName: cpu, Verification: verified,
			Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo, External: vastapi.FlagNo, Duration: 100 * time.Hour,
		}
	}
	return out
}

func mustParse(tb testing.TB, s string) Query {
	tb.Helper()
	q, err := Parse(s)
	if err != nil {
		tb.Fatalf("%q: %v", s, err)
	}
	return q
}

// judge prints a figure with its budget.
func judge(b *testing.B, budget string, got, most float64, unit string) {
	verdict := "ok"
	if got > most {
		verdict = "MISS"
	}
	b.Logf("%s %.1f %s (at most %.0f) %s", budget, got, unit, most, verdict)
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(fiveTerms); err != nil {
			b.Fatal(err)
		}
	}
	judge(b, "P7 parse five terms", float64(b.Elapsed().Nanoseconds())/float64(b.N), 2000, "ns")
}

func BenchmarkMatch(b *testing.B) {
	for _, query := range []struct{ name, text string }{
		{"selective", fiveTerms},
		// Nearly every offer passes every conjunct: nothing is cut short.
		{"lenient", "num_gpus>=1 dph<9 reliability>0.5 inet_down>=0 gpu_ram>=1"},
		{"words", "4090 -CN -xeon"},
	} {
		for _, n := range []int{10_000, 50_000} {
			b.Run(fmt.Sprintf("%s/%d", query.name, n), func(b *testing.B) {
				offers, q, found := marketOf(n), mustParse(b, query.text), 0
				b.ReportAllocs()
				for b.Loop() {
					found = 0
					for i := range offers {
						if q.Match(&offers[i]) {
							found++
						}
					}
				}
				if found == 0 {
					b.Fatal("nothing found")
				}
				each := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(n)
				b.ReportMetric(each, "ns/offer")
				if query.name != "words" {
					judge(b, "P6 match five conjuncts, "+query.name, each, 20, "ns an offer")
				}
			})
		}
	}
}

func BenchmarkFilterAndSort(b *testing.B) {
	for _, c := range []struct {
		n    int
		most float64
	}{{10_000, 2}, {50_000, 12}} {
		b.Run(fmt.Sprint(c.n), func(b *testing.B) {
			offers, q := marketOf(c.n), mustParse(b, "num_gpus>=1 dph<9 reliability>0.5 -CN")
			rows := make([]*vastapi.Offer, 0, c.n)
			for b.Loop() {
				rows = rows[:0]
				for i := range offers {
					if q.Match(&offers[i]) {
						rows = append(rows, &offers[i])
					}
				}
				slices.SortFunc(rows, func(x, y *vastapi.Offer) int { return cmp.Compare(x.DphTotal, y.DphTotal) })
			}
			judge(b, fmt.Sprintf("P8 filter and sort %d", c.n), float64(b.Elapsed().Microseconds())/1000/float64(b.N), c.most, "ms")
		})
	}
}
