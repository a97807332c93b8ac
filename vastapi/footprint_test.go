package vastapi

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// An Offer is held fifty thousand times: a field more, or one in the wrong
// place, is paid for in megabytes.
func TestAnOfferTakesNoMoreRoomThanItsFields(t *testing.T) {
	t.Parallel()
	if got := unsafe.Sizeof(Offer{}); got > 496 {
		t.Errorf("an offer has %d bytes", got)
	}
}

func TestAPageTakesNoMoreRoomThanItsOffers(t *testing.T) {
	t.Parallel()
	body := market(t, 700)
	for _, asked := range []int{64, 700, 1000, 50_000} {
		page, err := readOffers(body, newTexts(maxTexts), asked)
		if n, room := len(page.Offers), cap(page.Offers); err != nil || n != 700 || room > n+n/64+1 {
			t.Errorf("asked for %d: %d offers in room for %d, %v", asked, n, room, err)
		}
	}
	page, err := readOffers([]byte(`{"offers":[]}`), newTexts(maxTexts), 1000)
	if err != nil || page.Offers == nil || cap(page.Offers) != 0 {
		t.Errorf("an empty page: %v in room for %d, %v", page.Offers, cap(page.Offers), err)
	}
}

func TestEqualTextsOfAllPagesShareTheirBytes(t *testing.T) {
	t.Parallel()
	kept := newTexts(maxTexts)
	body := []byte(`{"offers":[{"id":1,"gpu_name":"RTX 4090","geolocation":"Qu\u00e9bec, CA"},{"id":2,"gpu_name":"RTX 4090","geolocation":"Qu\u00e9bec, CA"}]}`)
	var all []Offer
	for range 2 {
		page, err := readOffers(body, kept, 10)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Offers...)
	}
	for _, o := range all {
		for _, pair := range [][2]string{{o.GPUName.String(), all[0].GPUName.String()}, {o.Geolocation.String(), all[0].Geolocation.String()}} {
			if pair[0] != pair[1] || unsafe.StringData(pair[0]) != unsafe.StringData(pair[1]) {
				t.Errorf("%q is there twice", pair[0])
			}
		}
	}
	if all[0].GPUName.String() != "RTX 4090" || all[0].Geolocation.String() != "Québec, CA" {
		t.Errorf("%q in %q", all[0].GPUName, all[0].Geolocation)
	}
}

func TestWhatIsKeptOfTextsIsBoundedAndStaysRight(t *testing.T) {
	t.Parallel()
	kept := newTexts(8)
	for i := range 1000 {
		for _, c := range []struct {
			v    value
			want string
		}{
			{value{kind: kindString, raw: fmt.Appendf(nil, "text %d", i%40)}, fmt.Sprintf("text %d", i%40)},
			{value{kind: kindString, raw: []byte(`a\nb`), escaped: true}, "a␊b"},
			{value{kind: kindString, raw: []byte("often")}, "often"},
			{value{kind: kindString, raw: []byte("\x1b[2J")}, "␛[2J"},
		} {
			if got := kept.of(c.v).String(); got != c.want {
				t.Fatalf("%q became %q", c.want, got)
			}
		}
		if len(kept.young) > 8 || len(kept.old) > 8 {
			t.Fatalf("%d and %d texts are kept", len(kept.young), len(kept.old))
		}
	}
	d := &sorter{texts: kept}
	if d.text(value{kind: kindString, raw: []byte(strings.Repeat("x", maxTextKept+1))}).Empty() || len(kept.young) > 8 {
		t.Error("a long text is read and not kept")
	}
}

// BenchmarkOffersHeld holds 50,000 offers of 50 pages, as a market does, while
// as many new ones are read.
func BenchmarkOffersHeld(b *testing.B) {
	body := market(b, 1000)
	kept := newTexts(maxTexts)
	live := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / 1e6
	}
	before := live()
	var pages []OfferPage
	for b.Loop() {
		pages = pages[:0]
		for range 50 {
			page, err := readOffers(body, kept, 1000)
			if err != nil || len(page.Offers) != 1000 {
				b.Fatal(len(page.Offers), err)
			}
			pages = append(pages, page)
		}
	}
	b.ReportMetric(live()-before, "MB-live")
	b.ReportMetric(float64(unsafe.Sizeof(Offer{})), "B/offer-struct")
	runtime.KeepAlive(pages)
	runtime.KeepAlive(body)
}
