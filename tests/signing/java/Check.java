// SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
// SPDX-License-Identifier: Apache-2.0

import com.itextpdf.text.pdf.AcroFields;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.security.CertificateVerification;
import com.itextpdf.text.pdf.security.PdfPKCS7;
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertificateFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What iText says of each signature: "name whole|broken chain|no-chain own-stamp|wrong-stamp|no-stamp", a line each. */
public class Check {
    public static void main(String[] given) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        try (FileInputStream root = new FileInputStream(given[0])) {
            roots.setCertificateEntry("root", CertificateFactory.getInstance("X.509").generateCertificate(root));
        }
        for (int number = 1; number < given.length; number++) {
            AcroFields fields = new PdfReader(given[number]).getAcroFields();
            for (String name : fields.getSignatureNames()) {
                PdfPKCS7 signature = fields.verifySignature(name);
                boolean chained = CertificateVerification
                    .verifyCertificates(signature.getSignCertificateChain(), roots, null, signature.getSignDate()).isEmpty();
                String stamp = signature.getTimeStampToken() == null ? "no-stamp"
                    : signature.verifyTimestampImprint() ? "own-stamp" : "wrong-stamp";
                System.out.println(number + " " + (signature.verify() ? "whole" : "broken") + " "
                    + (chained ? "chain" : "no-chain") + " " + (signature.isTsp() ? "timestamp" : stamp));
            }
        }
    }
}
