package rental

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
)

// VolumeChoice is the volume that an instance gets: an existing one that is
// linked, or a new one that is rented on the same machine. The zero VolumeChoice
// is none. A volume can be attached only when the instance is created.
type VolumeChoice struct {
	Link    vastapi.VolumeID   // an existing volume; it lies on one machine
	Machine vastapi.MachineID  // where the linked one lies, 0 = not told
	Create  vastapi.OfferID    // an offer of volumes on the machine (Offer.VolumeAsk)
	Size    vastapi.GB         // of the new one, whole GB, 0 = 15 as the official client has it
	Name    string             // of the new one: letters, digits and _, at most 64; may be empty
	Price   vastapi.PerGBMonth // of the new one; unknown or 0 = not told
	Mount   string             // the folder it appears at in the container
	Network bool               // the linked one lies on no machine
}

// defaultVolume is the size of a new volume when none is given.
const defaultVolume vastapi.GB = 15

// Given reports whether any part was filled in.
func (v VolumeChoice) Given() bool { return v != (VolumeChoice{}) }

// size is how large a new volume becomes.
func (v VolumeChoice) size() vastapi.GB {
	if v.Create != 0 && v.Size == 0 {
		return defaultVolume
	}
	return v.Size
}

// Rate is what a new volume adds to the bill per hour, for as long as it exists;
// 0 for one that exists already, unknown when its price is.
func (v VolumeChoice) Rate() vastapi.Rate {
	switch {
	case v.Create == 0:
		return 0
	case !(v.Price > 0):
		return vastapi.Unknown[vastapi.Rate]()
	}
	return v.Price.Hourly(v.size())
}

// check says what is wrong with v on o, whose own volume offer it names.
func (v VolumeChoice) check(o *vastapi.Offer) string {
	switch {
	case !v.Given():
		return ""
	case v.Link != 0 && v.Create != 0:
		return "link a volume or create one, not both"
	case v.Link == 0 && v.Create == 0:
		return "choose a volume to link, or the offer of a new one"
	case v.Link < 0 || v.Create < 0:
		return "the number of a volume is above 0"
	case !mountable(v.Mount):
		return "the folder for the volume is needed, e.g. /data; it is neither / nor has // in it"
	case v.Link != 0 && (v.Size != 0 || v.Name != ""):
		return "the size and the name of a volume that exists cannot be changed: leave them empty"
	case v.Link != 0 && v.Network:
		return "this is a network volume: how an instance gets one is not published, so it is not linked here"
	case v.Link != 0 && v.Machine != 0 && v.Machine != o.MachineID:
		return fmt.Sprintf("this volume lies on machine %d and cannot be used on machine %d: rent there", v.Machine, o.MachineID)
	}
	return v.checkNew(o)
}

func (v VolumeChoice) checkNew(o *vastapi.Offer) string {
	size := v.size()
	switch {
	case v.Create == 0:
		return ""
	case o.VolumeAsk != 0 && v.Create != o.VolumeAsk:
		return fmt.Sprintf("a new volume must lie on machine %d: its offer of volumes is %d", o.MachineID, o.VolumeAsk)
	case !(size >= 1 && size <= 1<<20) || size != vastapi.GB(int(size)):
		return "the size is a whole number of GB, at least 1"
	case size > o.VolumeGB && o.VolumeAsk != 0:
		return "this machine offers volumes of " + gb(vastapi.GB(int(o.VolumeGB))) + " at most"
	case len(v.Name) > 64 || !only(v.Name, "_"):
		return "the name of a volume has at most 64 letters, digits and _"
	}
	return ""
}

// mountable reports whether path is a folder a volume can appear at: at least
// one part, none empty but a trailing one, no NUL.
func mountable(path string) bool {
	trimmed := strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	return trimmed != "" && !strings.ContainsRune(path, 0) && !strings.Contains("/"+trimmed+"/", "//")
}
