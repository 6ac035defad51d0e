package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// files are the paths of what the components read: all made anew at each start, all readable by their owner alone.
type files struct {
	authority, servingCertificate, servingKey  string
	serviceAccountKey, serviceAccountPublicKey string
	tokens, auditPolicy, auditLog              string
	adminKubeconfig, controllersKubeconfig     string
}

const validity = 7 * 24 * time.Hour

// The metadata of every request once it is answered: who asked for what, and what came of it. No bodies.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`

func writeFiles(directory, server string) (files, error) {
	written := files{
		authority:               in(directory, "ca.crt"),
		servingCertificate:      in(directory, "serving.crt"),
		servingKey:              in(directory, "serving.key"),
		serviceAccountKey:       in(directory, "service-accounts.key"),
		serviceAccountPublicKey: in(directory, "service-accounts.pub"),
		tokens:                  in(directory, "tokens.csv"),
		auditPolicy:             in(directory, "audit-policy.yaml"),
		auditLog:                in(directory, "audit.log"),
		adminKubeconfig:         in(directory, "admin.kubeconfig"),
		controllersKubeconfig:   in(directory, "controllers.kubeconfig"),
	}
	certificates, err := newCertificates()
	if err != nil {
		return files{}, err
	}
	admin, controllers := rand.Text()+rand.Text(), rand.Text()+rand.Text()
	content := map[string][]byte{
		written.authority:               certificates.authority,
		written.servingCertificate:      certificates.serving,
		written.servingKey:              certificates.servingKey,
		written.serviceAccountKey:       certificates.serviceAccountKey,
		written.serviceAccountPublicKey: certificates.serviceAccountPublicKey,
		written.auditPolicy:             []byte(auditPolicy),
		written.tokens: fmt.Appendf(nil, "%s,admin,admin,system:masters\n%s,system:kube-controller-manager,controllers\n",
			admin, controllers),
	}
	for path, kubeconfig := range map[string]*clientcmdapi.Config{
		written.adminKubeconfig:       kubeconfig(server, certificates.authority, "admin", admin),
		written.controllersKubeconfig: kubeconfig(server, certificates.authority, "controllers", controllers),
	} {
		if content[path], err = clientcmd.Write(*kubeconfig); err != nil {
			return files{}, err
		}
	}
	for path, bytes := range content {
		if err := os.WriteFile(path, bytes, 0o600); err != nil {
			return files{}, err
		}
	}
	return written, nil
}

func kubeconfig(server string, authority []byte, name, token string) *clientcmdapi.Config {
	config := clientcmdapi.NewConfig()
	config.Clusters["control-plane"] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: authority}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: "control-plane", AuthInfo: name}
	config.CurrentContext = name
	return config
}

// Everything PEM.
type certificates struct {
	authority, serving, servingKey             []byte
	serviceAccountKey, serviceAccountPublicKey []byte
}

func newCertificates() (certificates, error) {
	var keys [3]*ecdsa.PrivateKey
	for at := range keys {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return certificates{}, err
		}
		keys[at] = key
	}
	authorityKey, servingKey, accountsKey := keys[0], keys[1], keys[2]

	authority := template("control-plane-ca")
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	serving := template("kube-apiserver")
	serving.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	serving.DNSNames = []string{"localhost", "kubernetes.default.svc"}
	serving.KeyUsage = x509.KeyUsageDigitalSignature
	serving.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}

	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return certificates{}, err
	}
	servingDER, err := x509.CreateCertificate(rand.Reader, serving, authority, servingKey.Public(), authorityKey)
	if err != nil {
		return certificates{}, err
	}
	servingKeyDER, err := x509.MarshalECPrivateKey(servingKey)
	if err != nil {
		return certificates{}, err
	}
	accountsKeyDER, err := x509.MarshalECPrivateKey(accountsKey)
	if err != nil {
		return certificates{}, err
	}
	accountsPublicDER, err := x509.MarshalPKIXPublicKey(accountsKey.Public())
	if err != nil {
		return certificates{}, err
	}
	return certificates{
		authority:               inPEM("CERTIFICATE", authorityDER),
		serving:                 inPEM("CERTIFICATE", servingDER),
		servingKey:              inPEM("EC PRIVATE KEY", servingKeyDER),
		serviceAccountKey:       inPEM("EC PRIVATE KEY", accountsKeyDER),
		serviceAccountPublicKey: inPEM("PUBLIC KEY", accountsPublicDER),
	}, nil
}

func template(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject: pkix.Name{CommonName: name},
		// crypto/x509 draws a random serial number where there is none.
		NotBefore: time.Now().Add(-time.Minute),
		NotAfter:  time.Now().Add(validity),
	}
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
