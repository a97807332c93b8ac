package vastapi

import (
	"context"
	"math"
)

// Volumes returns all volumes of the account, local and network ones.
func (c *Client) Volumes(ctx context.Context) (VolumeList, error) {
	var list VolumeList
	err := c.get(ctx, RouteVolumes, "/api/v0/volumes/", "owner=me&type=all_volume", func(body []byte) (err error) {
		list, err = readVolumes(body)
		return err
	})
	if err != nil {
		return VolumeList{}, err
	}
	return list, nil
}

func readVolumes(body []byte) (VolumeList, error) {
	var (
		list VolumeList
		d    = newSorter()
		seen = map[VolumeID]bool{}
	)
	err := readAnswer(body, "volumes", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "volumes" {
			return false, nil
		}
		return true, d.rows(s, func(s *scanner) error {
			v, err := d.volume(s)
			if err == nil && !seen[v.ID] {
				seen[v.ID] = true
				list.Volumes = append(list.Volumes, v)
			}
			return err
		})
	})
	if err != nil {
		return VolumeList{}, err
	}
	list.Bad = d.bad
	return list, nil
}

// volume reads one row.
func (d *sorter) volume(s *scanner) (Volume, error) {
	nan := math.NaN()
	vol := Volume{Size: GB(nan), StorageCost: PerGBMonth(nan), Hourly: Rate(nan)}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "id":
			if n, ok := v.id(); ok {
				vol.ID = VolumeID(n)
			}
		case "label":
			vol.Name = d.text(v)
		case "status":
			vol.Status = d.text(v)
		case "machine_id":
			if n, ok := v.id(); ok {
				vol.MachineID = MachineID(n)
			}
		case "disk_space":
			vol.Size = GB(v.positive())
		case "storage_cost":
			vol.StorageCost = PerGBMonth(v.rate())
		case "storage_total_cost":
			vol.Hourly = v.rate()
		case "instances":
			vol.Instances = ids[InstanceID](v)
		case "start_date":
			vol.Start = v.moment()
		case "geolocation":
			vol.Geolocation = d.text(v)
			vol.Country = country(vol.Geolocation)
		case "type":
			vol.Kind = d.text(v)
		case "cluster_id":
			if n, ok := v.id(); ok {
				vol.Cluster = ClusterID(n)
			}
		}
		return nil
	})
	if err != nil {
		return vol, err
	}
	if vol.ID <= 0 {
		return vol, errNoID
	}
	if !Known(vol.Hourly) {
		vol.Hourly = vol.StorageCost.Hourly(vol.Size)
	}
	return vol, nil
}
