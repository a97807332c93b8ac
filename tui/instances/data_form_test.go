package instances

import (
	"strings"
	"testing"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// dataStage has two instances, a volume and a network volume.
func dataStage(t *testing.T) *stage {
	t.Helper()
	s := newStage(t).load(running(1, "from"), stopped(2, "to"))
	s.data.Volumes.Apply(vastapi.VolumeList{Volumes: []vastapi.Volume{{ID: 881, Name: safetext.New("cache"), MachineID: 5}, {ID: 882, Kind: safetext.New("network_volume")}}}, s.now, nil)
	return s
}

func TestDataIsCopiedBetweenInstancesAndVolumesOnlyAfterConsent(t *testing.T) {
	t.Parallel()
	s := dataStage(t)
	s.press("home")
	f := form(t, s.press("m"))
	for want, v := range map[string]view.Values{
		`{"client_id":"me","src_id":"C.1","dst_id":"C.2","src_path":"/workspace/","dst_path":"/data"}`:          {fOther: "2", fTo: "/data"},
		`{"client_id":"me","src_id":"C.2","dst_id":"C.1","src_path":"/workspace/out","dst_path":"/workspace/"}`: {fWay: wayIn, fOther: "2", fFrom: "/workspace/out"},
		`{"client_id":"me","src_id":"C.1","dst_id":"V.881","src_path":"/workspace/","dst_path":"/workspace/"}`:  {fOther: "vol-881"},
		`{"client_id":"me","dst_id":"1"}`: {fWay: wayCancel},
	} {
		all := filled(f, v)
		if errs := f.Check(all); len(errs) != 0 {
			t.Errorf("%v: %v", v, errs)
		}
		c := plan(t, f.Submit(s.env(), all))
		if body, err := c.Plan.Steps[0].Call.Body(); err != nil || string(body) != want || c.Form != formData {
			t.Errorf("it would send %s for the form %q, %v; want %s", body, c.Form, err, want)
		}
	}
}

func TestTheFormOfACopyNamesWhatCannotBe(t *testing.T) {
	t.Parallel()
	s := dataStage(t)
	s.press("home")
	f := form(t, s.press("m"))
	for _, c := range []struct {
		v           view.Values
		field, says string
	}{
		{nil, fOther, "the id of an instance, or vol-ID"},
		{view.Values{fOther: "77"}, fOther, "there is no instance and no volume"},
		{view.Values{fOther: "2", fTo: "data"}, fTo, "begins with /"},
		{view.Values{fOther: "2", fTo: "/root/"}, fTo, "changes the rights by which ssh"},
		{view.Values{fOther: "1"}, fTo, "both ends are the same place"},
		{view.Values{fOther: "vol-882"}, fOther, "volume 882 is a network volume"},
		{view.Values{fWay: wayIn, fOther: "vol-882"}, fOther, "volume 882 is a network volume"},
	} {
		if errs := f.Check(filled(f, c.v)); !strings.Contains(errs[c.field], c.says) {
			t.Errorf("%v: %v, want %q", c.v, errs, c.says)
		}
	}
	all := filled(f, view.Values{fOther: "2"})
	s.load(running(1, "from"))
	e := f.Submit(s.env(), all)
	if fail, ok := e.Intents[0].(view.FormFailed); !ok || fail.Form != formData {
		t.Errorf("towards an instance that is gone by now it wants %+v", e.Intents)
	}
}

func TestTwoMarkedInstancesAreTheEndsOfACopy(t *testing.T) {
	t.Parallel()
	s := dataStage(t)
	s.press("*")
	f := form(t, s.press("m"))
	if v := filled(f, nil); v[fOther] == "" || strings.Contains(f.Title, v[fOther]) {
		t.Errorf("%q with the other end %q", f.Title, v[fOther])
	}
}
