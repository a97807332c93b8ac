package volumes

import (
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// confirmDelete asks about deleting exactly these volumes. Working it out again takes the
// same ids from what is known then.
func confirmDelete(env view.Env, rows []*row) view.Effect {
	ids := make([]vastapi.VolumeID, len(rows))
	for n, r := range rows {
		ids[n] = r.ID
	}
	return deleteAgain(env, ids)
}

func deleteAgain(env view.Env, ids []vastapi.VolumeID) view.Effect {
	list := known(env, ids)
	if len(list) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to delete: the volumes are gone", Level: view.Info})
	}
	p, err := rental.PlanDeleteVolumes(list, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return deleteAgain(env, ids) }})
}

// known are those of the volumes that still exist, as they are now, with all the
// instances that are known to hold them.
func known(env view.Env, ids []vastapi.VolumeID) []vastapi.Volume {
	byID := map[vastapi.VolumeID]*vastapi.Volume{}
	list := env.Data.Volumes.Value.Volumes
	holders := holdersOf(list, env.Data.Instances.Value.Instances)
	for n := range list {
		byID[list[n].ID] = &list[n]
	}
	var left []vastapi.Volume
	for _, id := range ids {
		v := byID[id]
		if v == nil {
			continue
		}
		one := *v
		if r := rowOf(v, holders, env.Now); len(r.holders) > len(v.Instances) {
			one.Instances = nil
			for _, h := range r.holders {
				one.Instances = append(one.Instances, h.id)
			}
		}
		left = append(left, one)
	}
	return left
}
