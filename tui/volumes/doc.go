// Package volumes knows the list of volumes, where new ones can be made, and what can be
// done with them. It must not know how anything is carried out, and asks for plans only.
package volumes
