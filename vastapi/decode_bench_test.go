package vastapi

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// market is an answer with n offers, made from the recorded ones.
func market(tb testing.TB, n int) []byte {
	tb.Helper()
	data, err := os.ReadFile("testdata/wire/offers.json")
	if err != nil {
		tb.Fatal(err)
	}
	var recorded struct{ Offers []json.RawMessage }
	if err := json.Unmarshal(data, &recorded); err != nil {
		tb.Fatal(err)
	}
	var row bytes.Buffer
	if err := json.Compact(&row, recorded.Offers[0]); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	out.WriteString(`{"offers":[`)
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(bytes.ReplaceAll(row.Bytes(), []byte("11684738"), []byte(strconv.Itoa(20_000_000+i))))
	}
	out.WriteString(`]}`)
	return out.Bytes()
}

func BenchmarkDecodeOffers(b *testing.B) {
	const n = 10_000
	body := market(b, n)
	kept := newTexts(maxTexts)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		page, err := readOffers(body, kept, n)
		if err != nil || len(page.Offers) != n {
			b.Fatalf("%d offers, %v", len(page.Offers), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/offer")
}
