package vastapi

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"sync"
)

// CreateVolume makes a volume: PUT /api/v0/volumes/. Its size is fixed for good. The
// Result names its number.
type CreateVolume struct {
	Offer OfferID // of a volume search
	Size  GB      // whole gigabytes
	Name  string  // letters, digits and _, at most 64; "" = none
}

// DeleteVolume deletes a volume and what is on it: DELETE /api/v0/volumes/?id=… with
// an empty object (recorded requests). It is refused while an instance, running or
// stopped, holds the volume.
type DeleteVolume struct{ ID VolumeID }

// CloneVolume makes a copy of a volume, on the same machine or another: POST
// /api/v0/volumes/copy/. Sent twice it makes two.
type CloneVolume struct {
	Source VolumeID
	Offer  OfferID // where: of a volume search
	Size   GB      // whole gigabytes, at least the source's; 0 = the source's
}

func (CreateVolume) call() {}
func (DeleteVolume) call() {}
func (CloneVolume) call()  {}

// Method is PUT.
func (CreateVolume) Method() string { return http.MethodPut }

// Method is DELETE.
func (DeleteVolume) Method() string { return http.MethodDelete }

// Method is POST.
func (CloneVolume) Method() string { return http.MethodPost }

const volumesPath = "/api/v0/volumes/"

// Path is that of all volumes.
func (CreateVolume) Path() string { return volumesPath }

// Path names the volume.
func (c DeleteVolume) Path() string {
	return volumesPath + "?id=" + strconv.FormatInt(int64(c.ID), 10)
}

// Path is the same for all: the body names the volume.
func (CloneVolume) Path() string { return volumesPath + "copy/" }

// createVolumeBody is the wire form of a CreateVolume.
type createVolumeBody struct {
	Size int     `json:"size"`
	ID   OfferID `json:"id"`
	Name string  `json:"name,omitempty"`
}

// Body is the request as sent.
func (c CreateVolume) Body() ([]byte, error) {
	return plainJSON(createVolumeBody{int(c.Size), c.Offer, c.Name})
}

// Preview is Body: nothing in it is secret.
func (c CreateVolume) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object.
func (DeleteVolume) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c DeleteVolume) Preview() ([]byte, error) { return c.Body() }

// cloneVolumeBody is the wire form of a CloneVolume.
type cloneVolumeBody struct {
	Source VolumeID `json:"src_id"`
	Offer  OfferID  `json:"dst_id"`
	Size   int      `json:"size,omitempty"`
}

// Body is the request as sent.
func (c CloneVolume) Body() ([]byte, error) {
	return plainJSON(cloneVolumeBody{c.Source, c.Offer, int(c.Size)})
}

// Preview is Body: nothing in it is secret.
func (c CloneVolume) Preview() ([]byte, error) { return c.Body() }

// volumeName is what a volume may be called (official client).
var volumeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`) })

// Validate reports what the API would refuse.
func (c CreateVolume) Validate() error {
	switch {
	case c.Offer <= 0:
		return errors.New("no place for the volume is named")
	case !wholeGB(c.Size) || c.Size < 1:
		return errors.New("a volume has 1 GB or more, in whole gigabytes")
	case c.Name != "" && !volumeName().MatchString(c.Name):
		return fmt.Errorf("a volume's name has 1 to 64 letters, digits and _, not %s", quoted(c.Name))
	}
	return nil
}

// Validate reports what the API would refuse.
func (c DeleteVolume) Validate() error {
	if c.ID <= 0 {
		return errors.New("no volume is named")
	}
	return nil
}

// Validate reports what the API would refuse.
func (c CloneVolume) Validate() error {
	switch {
	case c.Source <= 0:
		return errors.New("no volume is named")
	case c.Offer <= 0:
		return errors.New("no place for the copy is named")
	case !wholeGB(c.Size):
		return errors.New("a volume's size is in whole gigabytes")
	}
	return nil
}

func wholeGB(size GB) bool {
	return size >= 0 && size <= maxVolume && float64(size) == math.Trunc(float64(size))
}
