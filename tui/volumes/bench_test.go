package volumes

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// many are as many volumes as nobody has.
func many(b *testing.B, n int) *stage {
	list := make([]vastapi.Volume, n)
	for i := range list {
		list[i] = volume(vastapi.VolumeID(i+1), fmt.Sprintf("vol_%d", i), vastapi.GB(i%900+10))
	}
	s := newStage(b).load(list...)
	s.settle(s.hear(tea.WindowSizeMsg{}))
	return s
}

func BenchmarkKey(b *testing.B) {
	s := many(b, 1000)
	for n := 0; b.Loop(); n++ {
		s.key([]string{"down", "up"}[n%2])
		s.m.Draw(s.env(), s.size)
	}
}

func BenchmarkPlacesKey(b *testing.B) {
	s := many(b, 10)
	s.server.offers = nil
	for i := range 1000 {
		s.server.offers = append(s.server.offers, placeAt(vastapi.OfferID(i+1), vastapi.MachineID(i+1), vastapi.PerGBMonth(0.05+float64(i)/1e4), 1000, "Falun, SE"))
	}
	s.openPlaces("n")
	for n := 0; b.Loop(); n++ {
		s.key([]string{"down", "up"}[n%2])
		s.m.Draw(s.env(), s.size)
	}
}
