package vastapi_test

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestAVolumeIsShownAsTheServerGivesIt(t *testing.T) {
	t.Parallel()
	const list = `{"volumes":[{"id":1,"label":"other"},{"id":7,"label":"a\u001b[2J","access_token":"t0k3n","type":"machine"}]}`
	api, _ := answering(t, says(200, list))
	lines, err := api.VolumeRaw(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range lines.All() {
		all = append(all, l)
	}
	text := strings.Join(all, "\n")
	for _, bad := range []string{"t0k3n", "\x1b", "other"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is shown:\n%s", bad, text)
		}
	}
	if !strings.Contains(text, `"id": 7`) || !strings.Contains(text, `"type": "machine"`) {
		t.Errorf("it is shown as\n%s", text)
	}
	for _, body := range []string{list, `{"volumes":[]}`} {
		api, _ := answering(t, says(200, body))
		if _, err := api.VolumeRaw(t.Context(), 8); vastapi.KindOf(err) != vastapi.KindNotFound {
			t.Errorf("one that is gone: %v", err)
		}
	}
}

func TestKindAndCountryOfAVolumeAreRead(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"volumes":[{"id":1,"type":"machine","geolocation":"Falun, SE"},{"id":2,"type":"network_volume","machine_id":null,"cluster_id":700},{"id":3,"type":null}]}`))
	list, err := api.Volumes(t.Context())
	if err != nil || len(list.Volumes) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	for n, want := range []bool{false, true, false} {
		if v := list.Volumes[n]; v.Network() != want {
			t.Errorf("volume %d of kind %q is a network volume: %t", v.ID, v.Kind, !want)
		}
	}
	if v := list.Volumes[1]; v.Cluster != 700 || v.MachineID != 0 {
		t.Errorf("%+v", v)
	}
	if v := list.Volumes[0]; v.Country != "SE" || v.Kind.String() != "machine" {
		t.Errorf("%+v", v)
	}
}
