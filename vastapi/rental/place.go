package rental

import "vastdeck/vastapi"

// Place is where it can be seen what came of a step.
type Place int

// The places.
const (
	AtInstances Place = iota
	AtVolumes
	AtAPIKeys
	AtVariables
	AtSSHKeys
)

// Place is where it can be seen what came of s.
func (s Step) Place() Place {
	switch s.Call.(type) {
	case vastapi.CreateVolume, vastapi.CloneVolume, vastapi.DeleteVolume:
		return AtVolumes
	case vastapi.CreateAPIKey, vastapi.DeleteAPIKey:
		return AtAPIKeys
	case vastapi.CreateEnvVar, vastapi.UpdateEnvVar, vastapi.DeleteEnvVar:
		return AtVariables
	case vastapi.AddSSHKey, vastapi.DeleteSSHKey:
		return AtSSHKeys
	}
	return AtInstances
}

// Words are what is seen there: "the instances".
func (p Place) Words() string {
	switch p {
	case AtVolumes:
		return "the volumes"
	case AtAPIKeys:
		return "the API keys"
	case AtVariables:
		return "the variables"
	case AtSSHKeys:
		return "the ssh keys"
	}
	return "the instances"
}
