package vastapi_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

func TestAWalkTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithOffers(20), vastsim.WithInstances(60), vastsim.WithQuietMarket())
		var told [][2]int
		page, err := over(t, w.Transport()).Instances(vastapi.WithWalk(t.Context(), func(read, total int) { told = append(told, [2]int{read, total}) }))
		if err != nil || !slices.Equal(told, [][2]int{{25, 60}, {50, 60}, {60, 60}}) {
			t.Errorf("told was %v, %v", told, err)
		}
		for _, i := range page.Instances {
			if !vastapi.Known(i.VRAMUsed) || i.VRAMUsed <= 0 || i.VRAMUsed > float64(i.GPURAM)/1024*float64(i.NumGPUs) {
				t.Fatalf("instance %d uses %v GB of VRAM, of %v MiB each", i.ID, i.VRAMUsed, i.GPURAM)
			}
		}
	})
}
