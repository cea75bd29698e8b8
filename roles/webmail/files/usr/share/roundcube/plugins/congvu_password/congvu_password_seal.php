<?php

declare(strict_types=1);

/**
 * A secret in two halves, a key and what it opens, which are nothing without each other (AES-256-GCM).
 */
class congvu_password_seal
{
    private const CIPHER = 'aes-256-gcm';
    private const NONCE = 12;
    private const TAG = 16;

    /**
     * Give the key and the sealed secret, both fit for text.
     */
    public static function close(string $secret): array
    {
        [$key, $nonce, $tag] = [random_bytes(32), random_bytes(self::NONCE), ''];
        $sealed = openssl_encrypt($secret, self::CIPHER, $key, OPENSSL_RAW_DATA, $nonce, $tag, '', self::TAG);

        return [base64_encode($key), base64_encode($nonce . $tag . $sealed)];
    }

    /**
     * Give the secret back, or null if the two do not belong together.
     */
    public static function open(string $key, string $sealed): ?string
    {
        $raw = (string) base64_decode($sealed, true);
        $tag = substr($raw, self::NONCE, self::TAG);
        if (strlen($tag) < self::TAG) {
            return null;
        }
        $secret = openssl_decrypt(
            substr($raw, self::NONCE + self::TAG),
            self::CIPHER,
            (string) base64_decode($key, true),
            OPENSSL_RAW_DATA,
            substr($raw, 0, self::NONCE),
            $tag
        );

        return $secret === false ? null : $secret;
    }
}
