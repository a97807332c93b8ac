package command

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"vastdeck/vastapi"
)

func TestPlacesAreAskedForCheapestFirst(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{{ID: 1, StorageCost: 0.1}}, Asked: 1000, Rows: 1000}}
	c := set(t, s, Market{Limit: 1000, Max: 5000})
	q := vastapi.OfferSearch{Filter: vastapi.Filter{"disk_space": {"gte": 50.0}}, Storage: 50, Type: vastapi.OnDemand}
	found := c.Loads().SearchPlaces(q)().(PlacesFound)
	again := c.Loads().RereadPlace(77, 20)().(PlacesFound)
	order := [][2]string{{"storage_cost", "asc"}}
	want := []vastapi.OfferSearch{
		{Filter: q.Filter, Storage: 50, Limit: 1000, Order: order},
		{Filter: vastapi.Filter{"machine_id": {"eq": int64(77)}}, Storage: 20, Limit: 1000, Order: order},
	}
	if diff := cmp.Diff(want, s.searches); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if !found.More || len(found.Page.Offers) != 1 || found.Topic != Places || again.Topic != PlaceReread {
		t.Errorf("the answers are %+v and %+v", found, again)
	}
	if !c.Current(found) || !c.Current(again) {
		t.Error("one of the answers is not current: they are about different things")
	}
}

func TestANewerSearchForPlacesOvertakesTheOlder(t *testing.T) {
	t.Parallel()
	s := &server{err: errors.New("no answer")}
	c := set(t, s, Market{Limit: 1000, Max: 5000})
	first, second := c.Loads().SearchPlaces(vastapi.OfferSearch{Storage: 1}), c.Loads().SearchPlaces(vastapi.OfferSearch{Storage: 2})
	old, newest := first().(PlacesFound), second().(PlacesFound)
	if c.Current(old) || !c.Current(newest) || newest.Err == nil {
		t.Error("the answer to the older search counts")
	}
}

func TestPlacesAreDueOnceNobodyTypes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := set(t, &server{}, Market{Limit: 1000, Max: 5000})
		began := time.Now()
		first, second := c.Loads().AfterTypingPlaces(), c.Loads().AfterTypingPlaces()
		early, late := make(chan tea.Msg, 1), make(chan tea.Msg, 1)
		go func() { early <- first() }()
		go func() { late <- second() }()
		if e, l := (<-early).(Due), (<-late).(Due); c.IsDue(e) || !c.IsDue(l) || l.Topic != PlacesTyped {
			t.Error("the end of typing is not that of the last key")
		}
		if took := time.Since(began); took != QuietAfterKey {
			t.Errorf("it took %v", took)
		}
	})
}

func TestNothingAboutVolumesIsAskedForLoggedOut(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{Limit: 1000, Max: 5000})
	c.LogOut()
	l := c.Loads()
	for n, cmd := range []tea.Cmd{l.SearchPlaces(vastapi.OfferSearch{}), l.RereadPlace(1, 1), l.LoadVolumeRaw(1)} {
		if cmd != nil {
			t.Errorf("question %d is asked", n)
		}
	}
}

func TestVolumesOwnWordsAreRead(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{Limit: 1000, Max: 5000})
	read := c.Loads().LoadVolumeRaw(881)().(VolumeRawRead)
	if read.Volume != 881 || read.Lines == nil || read.Err != nil || !c.Current(read) {
		t.Errorf("the answer is %+v", read)
	}
}
