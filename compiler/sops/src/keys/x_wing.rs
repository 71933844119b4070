//! X-Wing: a key encapsulation that holds as long as ML-KEM-768 or X25519 does.
//!
//! As in draft-connolly-cfrg-xwing-kem; in the frame of HPKE it is what age's `age1pq1…` recipients are made of. age
//! for Rust has the frame, and a sibling of this for keys in hardware, but not this one.

use aes_gcm::aead::generic_array::typenum::{Sum, U32, Unsigned};
use hpke::kem::SharedSecret;
use hpke::rand_core::{CryptoRng, RngCore};
use hpke::{Deserializable, HpkeError, Serializable};
use ml_kem::kem::{Decapsulate, Encapsulate};
use ml_kem::{Ciphertext, EncodedSizeUser, KemCore, MlKem768};
use sha3::digest::{ExtendableOutput, XofReader};
use sha3::{Digest, Sha3_256, Shake256};
use x25519_dalek::{PublicKey as Point, StaticSecret};
use zeroize::Zeroizing;

type EncapsulationKey = <MlKem768 as KemCore>::EncapsulationKey;
type DecapsulationKey = <MlKem768 as KemCore>::DecapsulationKey;
type EncapsulationKeySize = <EncapsulationKey as EncodedSizeUser>::EncodedSize;
type CiphertextSize = <MlKem768 as KemCore>::CiphertextSize;

/// What is hashed last: a drawing of the thing.
const LABEL: &[u8] = br"\.//^\";

/// The encapsulation, for HPKE.
pub(super) struct XWing;

/// A private key: a seed, and what is grown from it.
#[derive(Clone)]
pub(super) struct PrivateKey {
    seed: Zeroizing<[u8; 32]>,
    lattice: DecapsulationKey,
    curve: StaticSecret,
}

/// A public key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PublicKey {
    lattice: EncapsulationKey,
    curve: Point,
}

/// A secret, encapsulated.
#[derive(Clone)]
pub(super) struct EncappedKey {
    lattice: Ciphertext<MlKem768>,
    curve: Point,
}

impl hpke::Kem for XWing {
    type PublicKey = PublicKey;
    type PrivateKey = PrivateKey;
    type EncappedKey = EncappedKey;
    type NSecret = U32;
    const KEM_ID: u16 = 0x647a;

    fn sk_to_pk(private: &PrivateKey) -> PublicKey {
        PublicKey { lattice: private.lattice.encapsulation_key().clone(), curve: Point::from(&private.curve) }
    }

    fn derive_keypair(material: &[u8]) -> (PrivateKey, PublicKey) {
        let mut seed = Zeroizing::new([0; 32]);
        Shake256::digest_xof(material, &mut *seed);
        let private = PrivateKey::grow(seed);
        let public = Self::sk_to_pk(&private);
        (private, public)
    }

    fn decap(
        private: &PrivateKey,
        sender: Option<&PublicKey>,
        encapped: &EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::DecapError);
        }
        let lattice = private.lattice.decapsulate(&encapped.lattice).map_err(|()| HpkeError::DecapError)?;
        let curve = private.curve.diffie_hellman(&encapped.curve);
        Ok(combined(&lattice, curve.as_bytes(), &encapped.curve, &Point::from(&private.curve)))
    }

    fn encap<R: CryptoRng + RngCore>(
        public: &PublicKey,
        sender: Option<(&PrivateKey, &PublicKey)>,
        random: &mut R,
    ) -> Result<(SharedSecret<Self>, EncappedKey), HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let (ciphertext, lattice) = public.lattice.encapsulate(random).map_err(|()| HpkeError::EncapError)?;
        let ephemeral = StaticSecret::random_from_rng(random);
        let point = Point::from(&ephemeral);
        let curve = ephemeral.diffie_hellman(&public.curve);
        let secret = combined(&lattice, curve.as_bytes(), &point, &public.curve);
        Ok((secret, EncappedKey { lattice: ciphertext, curve: point }))
    }
}

/// One secret of two. The ciphertext of the lattice need not be hashed: ML-KEM binds it itself.
fn combined(lattice: &[u8], curve: &[u8], sent: &Point, public: &Point) -> SharedSecret<XWing> {
    let mut hash = Sha3_256::new();
    for part in [lattice, curve, sent.as_bytes(), public.as_bytes(), LABEL] {
        hash.update(part);
    }
    SharedSecret(hash.finalize())
}

impl PrivateKey {
    fn grow(seed: Zeroizing<[u8; 32]>) -> Self {
        let mut grown = Zeroizing::new([0; 96]);
        let mut stream = <Shake256 as Default>::default();
        sha3::digest::Update::update(&mut stream, &*seed);
        stream.finalize_xof().read(&mut *grown);
        let part = |from: usize| {
            let mut part = Zeroizing::new([0; 32]);
            part.copy_from_slice(&grown[from..from + 32]);
            part
        };
        let (lattice, _) = MlKem768::generate_deterministic(&(*part(0)).into(), &(*part(32)).into());
        Self { seed, lattice, curve: StaticSecret::from(*part(64)) }
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.seed == other.seed
    }
}

impl Eq for PrivateKey {}

impl Eq for PublicKey {}

impl Serializable for PrivateKey {
    type OutputSize = U32;

    fn write_exact(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&*self.seed);
    }
}

impl Deserializable for PrivateKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        let mut seed = Zeroizing::new([0; 32]);
        exactly::<U32>(bytes)?;
        seed.copy_from_slice(bytes);
        Ok(Self::grow(seed))
    }
}

impl Serializable for PublicKey {
    type OutputSize = Sum<EncapsulationKeySize, U32>;

    fn write_exact(&self, bytes: &mut [u8]) {
        let (lattice, curve) = bytes.split_at_mut(EncapsulationKeySize::USIZE);
        lattice.copy_from_slice(&self.lattice.as_bytes());
        curve.copy_from_slice(self.curve.as_bytes());
    }
}

impl Deserializable for PublicKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        exactly::<Self::OutputSize>(bytes)?;
        let (lattice, curve) = bytes.split_at(EncapsulationKeySize::USIZE);
        let encoded = lattice.try_into().map_err(|_| HpkeError::ValidationError)?;
        let key = EncapsulationKey::from_bytes(encoded);
        // A number beyond the modulus would be read as another key than the one that was given.
        if key.as_bytes() != *encoded {
            return Err(HpkeError::ValidationError);
        }
        Ok(Self { lattice: key, curve: point(curve)? })
    }
}

impl Serializable for EncappedKey {
    type OutputSize = Sum<CiphertextSize, U32>;

    fn write_exact(&self, bytes: &mut [u8]) {
        let (lattice, curve) = bytes.split_at_mut(CiphertextSize::USIZE);
        lattice.copy_from_slice(&self.lattice);
        curve.copy_from_slice(self.curve.as_bytes());
    }
}

impl Deserializable for EncappedKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        exactly::<Self::OutputSize>(bytes)?;
        let (lattice, curve) = bytes.split_at(CiphertextSize::USIZE);
        let lattice = lattice.try_into().map_err(|_| HpkeError::ValidationError)?;
        Ok(Self { lattice, curve: point(curve)? })
    }
}

fn point(bytes: &[u8]) -> Result<Point, HpkeError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| HpkeError::ValidationError)?;
    Ok(Point::from(bytes))
}

fn exactly<N: Unsigned>(bytes: &[u8]) -> Result<(), HpkeError> {
    if bytes.len() == N::USIZE { Ok(()) } else { Err(HpkeError::IncorrectInputLength(N::USIZE, bytes.len())) }
}
