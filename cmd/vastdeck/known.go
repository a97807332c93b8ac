package main

import (
	"slices"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi"
)

// knownAt notes what the account has in dir, the profile's folder, for the completion of
// ids and names; nil is what was not read. What stands there already is not written again.
func knownAt(dir, host string, instances []vastapi.Instance, volumes []vastapi.Volume) error {
	was := store.ReadKnown(dir)
	now := was
	if was.Host != host {
		now = store.Known{}
	}
	now.At, now.Host = time.Now(), host
	if instances != nil {
		now.Instances = knownInstances(instances)
	}
	if volumes != nil {
		now.Volumes = knownVolumes(volumes)
	}
	if was.Host == host && slices.Equal(was.Instances, now.Instances) && slices.Equal(was.Volumes, now.Volumes) {
		return nil
	}
	return store.WriteKnown(dir, now)
}
