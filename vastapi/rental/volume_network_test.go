package rental

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// sharedVolume is a network volume.
func sharedVolume() vastapi.Volume {
	return vastapi.Volume{ID: 900, Name: safetext.New("shared"), Size: 50, StorageCost: 0.2, Hourly: 0.0139, Kind: safetext.New("network"), Cluster: 700}
}

func TestANetworkVolumeIsDeletedLikeAnyOther(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanDeleteVolumes([]vastapi.Volume{sharedVolume()}, rich()))
	if p.Consent.Kind != ConsentType || p.Consent.Words != "shared" || p.Steps[0].Call != (vastapi.DeleteVolume{ID: 900}) {
		t.Errorf("%+v", p)
	}
	for _, text := range []string{p.Steps[0].Detail, p.Basis.Facts[0].Text} {
		if strings.Contains(text, "machine") || !strings.Contains(text, "in the network of its host") {
			t.Errorf("it says %q", text)
		}
	}
}

func TestANetworkVolumeIsNeitherCopiedNorLinked(t *testing.T) {
	t.Parallel()
	if _, err := PlanCloneVolume(sharedVolume(), offer(77), noon, 0, rich()); err == nil || !strings.Contains(err.Error(), "is a network volume") {
		t.Errorf("copied: %v", err)
	}
	o := offer(77)
	if text := (VolumeChoice{Link: 900, Network: true, Mount: "/data"}).check(&o); !strings.Contains(text, "network volume") {
		t.Errorf("linked: %q", text)
	}
}
