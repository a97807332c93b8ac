package command

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// fleet is a server with n instances, and a Set that has it.
func fleet(t *testing.T, n int) (*server, *Set) {
	t.Helper()
	word := safetext.New("running")
	s := &server{}
	for k := range n {
		s.instances = append(s.instances, vastapi.Instance{
			ID: vastapi.InstanceID(k + 1), Actual: word, Intended: word, Cur: word, Next: word, GPUUtil: 50, BilledNow: 0.5, IfRunning: 0.5,
			SSHHost: safetext.New("ssh1.vast.ai"), SSHPort: 22, RunType: safetext.New("ssh"), MinBid: vastapi.Unknown[vastapi.Rate](),
		})
	}
	c := New(t.Context(), Config{})
	c.Use(s)
	return s, c
}

func TestReadingsOfSomeAreFoldedIntoThoseOfAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := fleet(t, 5)
		var data feed.Snapshot
		all := c.Loads().LoadInstances()().(InstancesLoaded)
		all.Fold(&data)
		at := data.Instances.At
		time.Sleep(10 * time.Second)
		s.instances[1].Actual = safetext.New("loading")
		some := c.LoadSome([]vastapi.InstanceID{2, 99})().(InstancesLoaded)
		if some.About().Topic != Some || len(some.Page.Instances) != 5 {
			t.Fatalf("%s has %d instances", some.About().Topic, len(some.Page.Instances))
		}
		some.Fold(&data)
		if !data.Instances.At.Equal(at) || data.Instances.Rev != 2 || len(data.Moving) != 1 || data.Instances.Value.Instances[1].Actual.String() != "loading" {
			t.Errorf("at %s, revision %d, moving are %v", data.Instances.At, data.Instances.Rev, data.Moving)
		}
		if got := data.Traced(2); len(got.Samples) != 2 || !got.ReadAt.Equal(at.Add(10*time.Second)) || len(data.Traced(1).Samples) != 1 {
			t.Errorf("the trace is %+v", got)
		}
		// A refusal changes nothing.
		s.err = errors.New("offline")
		c.LoadSome([]vastapi.InstanceID{2})().(InstancesLoaded).Fold(&data)
		if data.Instances.Rev != 2 || data.Instances.Err != nil {
			t.Errorf("a reading of some that failed changes revision %d or %v", data.Instances.Rev, data.Instances.Err)
		}
		c.Loads().LoadInstances()().(InstancesLoaded).Fold(&data)
		if data.Instances.Err == nil || len(data.Traces) != 5 {
			t.Error("a reading of all that failed is not told, or has lost the traces")
		}
	})
}

func TestWhatIsKnownAroundInstancesIsHeldAgainstReadings(t *testing.T) {
	t.Parallel()
	s, c := fleet(t, 2)
	s.increases = vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 3, Instance: 2, NewGPU: 1}}}
	var data feed.Snapshot
	c.Loads().LoadInstances()().(InstancesLoaded).Fold(&data)
	asked := c.Loads().LoadIncreases()().(IncreasesLoaded)
	asked.Fold(&data)
	c.Know(func(a *feed.Around) { a.Increases = feed.IncreasesOf(asked.Increases) })
	judged := c.Judge()().(InstancesLoaded)
	judged.Fold(&data)
	if !judged.Again || len(judged.News.Problems) != 1 || judged.News.Problems[0].Kind != rental.ProblemPrice || len(data.Traced(2).Problems) != 1 {
		t.Errorf("the news are %+v", judged.News)
	}
	if data.Instances.Rev != 2 || len(data.Increases.Value.List) != 1 {
		t.Errorf("revision %d, increases %v", data.Instances.Rev, data.Increases.Value)
	}
}

func TestReadingsOfAnotherAccountAreForgotten(t *testing.T) {
	t.Parallel()
	s, c := fleet(t, 3)
	old := c.Loads().LoadInstances()
	c.Use(&server{instances: s.instances[:1]})
	old()
	if len(c.roster.roll.Traces) != 0 {
		t.Error("the other account's answer is taken in")
	}
	m := c.Loads().LoadInstances()().(InstancesLoaded)
	if !m.News.First || len(m.News.Gone) != 0 || len(m.Page.Instances) != 1 {
		t.Errorf("the news are %+v", m.News)
	}
	c.LogOut()
	if c.LoadSome([]vastapi.InstanceID{1}) != nil || c.Judge() != nil || c.Loads().LoadIncreases() != nil {
		t.Error("something is asked for without an account")
	}
}

func TestAnAnswerThatTookLongIsAsOldAsItsBeginning(t *testing.T) {
	t.Parallel()
	var data feed.Snapshot
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	InstancesLoaded{Answer: Answer{At: at, Took: 3 * time.Minute}}.Fold(&data)
	if !data.Instances.At.Equal(at.Add(-3 * time.Minute)) {
		t.Errorf("it is of %s", data.Instances.At)
	}
	InstancesLoaded{Answer: Answer{At: at, Took: 3 * time.Second}}.Fold(&data)
	if !data.Instances.At.Equal(at) {
		t.Errorf("it is of %s", data.Instances.At)
	}
}
